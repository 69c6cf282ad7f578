// What the map answers: one headline that is true, causes apart from consequences, each fact said once, and what to add.
import * as made from "./made";
import { expect, test } from "./server";
import { csv, dice } from "./tables";

// The suspects depend on the data alone, not on test sets of other tests.
test.use({ apart: "answer" });

let map: Promise<string> | undefined;

test.describe("the demonstration's files", () => {
  test.beforeEach(async ({ page, request }) => {
    map ??= made.diagnosed(request, { title: "Approvals fell", model: "car-loan", author: "Ada" }, made.demo());
    await page.goto(await map);
  });

  test("the headline has the cause in words, since when, in how many rows and what it did to the metric", async ({ page }) => {
    await expect(page.locator("#suspect")).toContainText(/car_value.* 1,000 times smaller/);
    const scope = page.locator(".scope");
    await expect(scope).toContainText(/all 4,000 served rows|all served rows/);
    await expect(scope).toContainText(/20 Mar.* to .*26 Mar/);
    await expect(scope).toContainText(/Accuracy is 87\.\d % .*94(\.\d)? %/);
    for (const statistic of [/\bq </, /\bKS\b/, /\bn [\d,]+/]) {
      await expect(page.locator("#suspect")).not.toContainText(statistic);
      await expect(scope).not.toContainText(statistic);
    }
  });

  test("nothing is said about other rows where there are none, and no onset inside the first window", async ({ page, request }) => {
    const text = await page.locator("main").innerText();
    expect(text).not.toMatch(/against 0 % of the others|0 % on the other served rows|NaN/);
    expect(text).not.toMatch(/since 20 Mar[^.]*12:17/);
    const { suspects } = await (await request.get(`/api/v1${await map}/diagnosis`)).json();
    expect(suspects[0].since?.extent ?? "whole_period").toMatch(/whole/i);
  });

  test("the cause is solid, its consequences are in outline, and what is not explained is counted", async ({ page, request }) => {
    const diagnosis = await (await request.get(`/api/v1${await map}/diagnosis`)).json();
    const solid = page.locator(".item-mark.mismatch:not(.explained)");
    const cause = page.locator(".item-mark.prime");
    await expect(cause).toHaveCount(1);
    await expect(cause).not.toHaveClass(/explained/);
    const consequences = page.locator(".item-mark.explained");
    expect(await consequences.count()).toBeGreaterThan(0);
    for (const one of await consequences.all()) {
      await expect(one).toContainText("a consequence of a suspect");
      const [drawn, filled] = await Promise.all([one, cause].map((mark) => mark.evaluate((element) => getComputedStyle(element).backgroundColor)));
      expect(drawn).not.toBe(filled);
    }
    // Solid are the items of findings that support a suspect or that no suspect explains.
    const explained = new Set(diagnosis.suspects.flatMap((one: any) => one.explains));
    const open = diagnosis.findings.filter((one: any) => one.verdict === "mismatch" && !one.standing && !explained.has(one.id));
    expect(await solid.count()).toBe(new Set(open.map((one: any) => one.item)).size);
  });

  test("a fact is said once: what the prime suspect explains is in its card, and the rest comes first below", async ({ page, request }) => {
    const { findings, suspects } = await (await request.get(`/api/v1${await map}/diagnosis`)).json();
    const own = new Set([...suspects[0].findings, ...suspects[0].explains]);
    expect(own.size).toBeGreaterThan(1);
    const below = page.locator(".findings-section");
    for (const { id } of findings.filter((one: any) => own.has(one.id))) {
      await expect(below.locator(`a[href*="${id}"]`)).toHaveCount(0);
    }
    await expect(below).toContainText(/\d+ findings? belongs? to the prime suspect above/);
    // The headline's sentence stands once on the page; what is drawn, folded or for a chat aside.
    const sentence = await page.locator("#suspect").innerText();
    const said = await page.locator("main").evaluate((main, words) => (main as HTMLElement).innerText.split(words).length - 1, sentence);
    expect(said).toBe(1);
    const groups = await below.locator(".group-name").allInnerTexts();
    const unexplained = groups.findIndex((name) => name.startsWith("Not explained"));
    expect(unexplained).toBeLessThanOrEqual(0);
  });

  test("what the model says stands apart from what it is told, and what follows from a suspect says so", async ({ page }) => {
    await page.goto(`${await map}/compare`);
    const [outputs, features] = [page.getByRole("region", { name: /^Label, outputs and time/ }), page.getByRole("region", { name: /^Features/ })];
    for (const output of ["score", "approved", "repaid"]) {
      await expect(outputs.getByRole("rowheader", { name: output })).toBeVisible();
      await expect(features.getByRole("rowheader", { name: new RegExp(`^${output}`) }).filter({ hasNotText: "loan" })).toHaveCount(0);
    }
    await expect(outputs.getByRole("row", { name: /score/ })).toContainText("explained by car_value");
    await page.getByText("How to read this table").click();
    await expect(page.locator("dl.explained")).toContainText("causes come before what they explain");
    // Two values are shares of rows and no median.
    await page.goto(`${await map}/compare?column=car_value&where=both%3Bc.car_value~r~1e1~1e2~x`);
    const approved = page.locator(".differences li", { hasText: "approved" });
    await expect(approved).toContainText(/= [01]: [\d.]+ % of these rows, [\d.]+ % of the others/);
    await expect(approved).not.toContainText("median");
  });

  test("what could not be checked is three things to add, the most useful first, and the rest is folded", async ({ page }) => {
    const section = page.locator("section", { has: page.locator("#not-checked") });
    const shown = section.locator(".card > ul > li");
    await expect(shown).toHaveCount(3);
    const gains: number[] = [];
    for (const one of await shown.all()) {
      const gain = /^for (\d+) items?$/.exec(await one.locator(".gain").innerText())?.[1];
      expect(await one.locator(".codes a").count()).toBe(Number(gain));
      gains.push(Number(gain));
    }
    expect(gains).toEqual([...gains].sort((a, b) => b - a));
    // What exactly is needed is one line, or folded.
    expect(await section.locator(".needs p.muted:visible").count()).toBeLessThanOrEqual(3);
    for (const one of await shown.all()) await expect(one.locator("a.offer")).toBeVisible();
    const more = section.locator(".card > details");
    await expect(more.locator("> summary")).toHaveText(/^\d+ more$/);
    await expect(more.locator("li").first()).toBeHidden();
    await shown.first().locator("a.offer").click();
    await expect(page).toHaveURL(/\/inputs.*#/);
  });

  test("what could not be checked is not printed, and through a link nothing is asked for", async ({ page, request }) => {
    await page.emulateMedia({ media: "print" });
    await expect(page.locator("#not-checked")).toBeHidden();
    await page.emulateMedia({ media: "screen" });
    await page.goto(await made.shared(request, (await map) ?? ""));
    await expect(page.locator(".station")).toHaveCount(7);
    await expect(page.locator("#not-checked, a.offer")).toHaveCount(0);
  });
});

test("the proof is of what is claimed: values that are missing by the label are no chart of the values there are", async ({ page, request }) => {
  const roll = dice(5);
  const boats = ["2", "4", "9", "13"];
  const passenger = (row: number): (string | number)[] => {
    const survived = roll() < 0.4;
    const boat = roll() < (survived ? 0.95 : 0.03) ? (boats[Math.floor(roll() * 4)] ?? "") : "";
    return [row, 20 + Math.floor(roll() * 50), boat, survived ? 1 : 0];
  };
  const train = csv(["id", "age", "boat", "survived"], Array.from({ length: 900 }, (_, row) => passenger(row)));
  const address = await made.diagnosed(request, { title: "Boats", model: "boats" }, [made.text("train.csv", train, "train")]);
  await page.goto(address);
  await expect(page.locator("#suspect")).toContainText("boat");
  const proof = page.locator(".suspect-chart");
  await expect(proof.locator("table")).toContainText(/missing|label/i);
  await expect(proof.locator("svg.plot")).toHaveCount(0);
});
