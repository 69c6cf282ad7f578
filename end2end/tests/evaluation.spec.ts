// The evaluation of every kind of task: the run of the incident next to its baseline, matrices of any size, charts that
// are read by pointer and keyboard, learning curves that diverge, and what a printer gets.
import AxeBuilder from "@axe-core/playwright";
import type { APIRequestContext, Page } from "@playwright/test";

import { expect, test } from "./server";
import { amounts, csv, dice } from "./tables";

test.use({ contextOptions: { reducedMotion: "reduce" } });

/** Predictions of a number of classes; class 1 is often taken for class 0. */
function classes(count: number, rows: number, right: number): string {
  const roll = dice(count);
  const name = (place: number) => `class ${String(place).padStart(2, "0")}`;
  const lines = Array.from({ length: rows }, (_, row) => {
    const truth = row % count;
    const wrong = truth === 1 ? 0 : Math.floor(roll() * count);
    return [name(truth), name(roll() < right ? truth : wrong), ["north", "south"][row % 2] ?? ""];
  });
  return csv(["y_true", "y_pred", "region"], lines);
}

/** A validation loss that grows without end. */
function diverging(): string {
  const lines = Array.from({ length: 40 }, (_, at) => {
    const loss = Math.exp(-at / 8) + 0.2;
    const score = 0.9 - Math.exp(-at / 6) * 0.4 - Math.max(at - 25, 0) * 0.004;
    return [at + 1, loss, at < 20 ? Math.exp(-at / 7) + 0.3 : 0.35 * Math.exp((at - 19) * 18), score];
  });
  return csv(["epoch", "loss", "val_loss", "val_f1"], lines);
}

/** Opens the evaluation of an investigation of these files, once it is diagnosed. */
async function evaluate(page: Page, request: APIRequestContext, title: string, files: [string, string, string][]): Promise<string> {
  const inputs: [string, string][] = [];
  for (const [role, name, text] of files) {
    const stored = await request.post(`/api/v1/snapshots?name=${name}`, { data: Buffer.from(text), headers: { "content-type": "application/octet-stream" } });
    expect(stored.ok(), await stored.text()).toBe(true);
    const [snapshot] = await stored.json();
    inputs.push([role, snapshot.id]);
  }
  const made = await request.post("/api/v1/investigations", { data: { title, model: title, inputs } });
  expect(made.ok(), await made.text()).toBe(true);
  const { id } = await made.json();
  await expect(async () => expect((await request.get(`/api/v1/investigations/${id}/diagnosis`)).status()).toBe(200)).toPass({ timeout: 60_000 });
  const address = `/investigations/${id}/evaluation`;
  await page.goto(address);
  await page.waitForLoadState("networkidle");
  return address;
}

/** The page is never wider than the window, and nothing of the matrix lies over something else. */
async function fits(page: Page): Promise<void> {
  for (const width of [320, 390, 1280, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect.soft(over, `${width} pixels`).toBeLessThanOrEqual(0);
  }
}

async function accessible(page: Page): Promise<void> {
  const axe = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag22aa"]).analyze();
  expect(axe.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target).join(" | ")}`)).toEqual([]);
}

test.describe("the demonstration", () => {
  test.use({ verb: "demo" });

  test.beforeEach(async ({ page }) => {
    await page.goto("/");
    await page.getByRole("link", { name: /Accuracy fell six points/ }).first().click();
    await page.getByRole("link", { name: "Evaluation", exact: true }).click();
    await expect(page.locator("#run")).toContainText("serve");
    // From then on the charts answer a pointer.
    await page.waitForLoadState("networkidle");
  });

  test("it opens on served rows next to test rows, with what fell beyond chance", async ({ page }) => {
    await expect(page.locator(".run-headline").first()).toContainText(/Accuracy is 87\.\d % on serve, against 94 % on test: 6\.\d points lower/);
    const accuracy = page.locator("table.runs tbody tr").filter({ has: page.locator("code", { hasText: /^accuracy$/ }) });
    await expect(accuracy.locator("td.worse")).toContainText(/-0\.06\d worse.*q </);
    // The training rows stand in two files and are one run.
    const heads = page.locator("table.runs").first().locator("thead th");
    await expect(heads.filter({ hasText: "train" })).toHaveCount(1);
    await expect(heads.filter({ hasText: "train" })).toContainText("also");
    await heads.filter({ hasText: "val" }).getByRole("link", { name: "Compare with this" }).click();
    await expect(page.locator(".run-headline").first()).toContainText("on val");
    await expect(page.locator("#run")).toContainText("serve");
  });

  test("both runs are in one chart, read by pointer and by keyboard", async ({ page }) => {
    const roc = page.locator(".chart-values").filter({ hasText: "ROC" });
    await expect(roc.locator(".key.serve")).toContainText("serve: area");
    await expect(roc.locator(".key.test")).toContainText("test: area");
    const plot = roc.locator("svg.plot").first();
    await plot.scrollIntoViewIfNeeded();
    const box = await plot.boundingBox();
    await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2);
    await expect(roc.locator(".tip")).toContainText(/serve: recall .*threshold .*\n?test: recall .*threshold/);
    await page.mouse.move(0, 0);
    await expect(roc.locator(".tip")).toBeHidden();
    await roc.locator("input[type=range]").focus();
    const before = await roc.locator(".tip").textContent();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect(roc.locator(".tip")).not.toHaveText(before ?? "");
  });

  test("the threshold marks the charts and stays with the baseline in the address", async ({ page }) => {
    const ring = page.locator("#chosen-roc circle");
    const before = await ring.getAttribute("cy");
    await page.getByRole("spinbutton", { name: "Threshold" }).fill("0.9");
    await page.getByRole("spinbutton", { name: "Threshold" }).press("Tab");
    await expect(ring).not.toHaveAttribute("cy", before ?? "");
    const file = await page.locator(".following .files a[download]").first().getAttribute("href");
    expect(file).toContain("threshold=0.9");
    expect(file).toContain("against_split=test");
    const svg = await (await page.request.get(file ?? "")).text();
    expect(svg).toContain("serve: area");
    expect(svg).toContain("test: area");
  });

  test("a weak slice is a selection on Compare", async ({ page }) => {
    const slice = page.getByRole("region", { name: "Weakest slices" }).getByRole("link").first();
    await slice.click();
    await expect(page).toHaveURL(/\/compare\?column=.*where=/);
    await expect(page.locator(".answer .differences li").first()).toBeVisible();
  });

  test("a printer gets the matrix and the histogram", async ({ page }) => {
    await page.emulateMedia({ media: "print" });
    await expect(page.locator("table.confusion")).toBeVisible();
    await expect(page.getByRole("img", { name: /Scores of the two classes/ })).toBeVisible();
    await expect(page.locator(".costs")).toBeHidden();
  });
});

for (const count of [3, 10, 30, 100]) {
  test(`${count} classes can be read`, async ({ page, request }) => {
    await evaluate(page, request, `${count} classes`, [
      ["test", "test.csv", classes(count, 4000, 0.9)],
      ["serve", "serve.csv", classes(count, 4000, 0.6)],
    ]);
    await expect(page.locator("#run")).toContainText("serve");
    const pairs = page.getByRole("region", { name: "Most confused classes" });
    await expect(pairs.locator("tbody tr").first()).toContainText("class 01");
    await expect(pairs.locator("tbody tr").first()).toContainText("class 00");
    await expect(page.locator("table.confusion tbody tr")).toHaveCount(Math.min(count, 30));
    await fits(page);
    await accessible(page);
    await page.getByRole("link", { name: "% of true" }).click();
    await expect(page.locator("table.confusion td.right").first()).toContainText("%");
    await page.getByRole("link", { name: "Most confused first" }).click();
    // Rows of many classes are taken for class 00.
    await expect(page.locator("table.confusion tbody th").first()).toHaveText("class 00");
    const second = await page.locator("table.confusion tbody th").nth(1).innerText();
    await page.locator("table.confusion tbody tr").nth(1).locator("td.wrong a").first().click();
    await expect(page.locator("#answer .chip")).toContainText(second);
    await expect(page.locator("#answer .answer")).toContainText(/of 4,000 rows (is|are) selected/);
  });
}

test("amounts have their errors by prediction, by time and by segment", async ({ page, request }) => {
  await evaluate(page, request, "amounts", [
    ["test", "test.csv", amounts(1200, 0)],
    ["serve", "serve.csv", amounts(1000, 3000)],
  ]);
  await expect(page.locator(".run-headline").first()).toContainText(/Mean absolute error is .* on serve, against .* on test: .* higher/);
  await expect(page.locator(".run-headline").last()).toContainText(/too high on average \(95 % interval/);
  for (const title of ["Mean error by predicted value", "Mean error over time", "Mean error by segment", "How large the errors are"]) {
    await expect(page.locator(".chart-title", { hasText: title })).toBeVisible();
  }
  const west = page.getByRole("region", { name: "Errors by segment" }).getByRole("link", { name: "region = west" });
  await expect(west).toBeVisible();
  await fits(page);
  await accessible(page);
  await west.click();
  await expect(page).toHaveURL(/\/compare\?column=region&where=serve/);
});

test("a range of true values is a selection, by pointer, by keyboard and by the form", async ({ page, request }) => {
  const address = await evaluate(page, request, "marked amounts", [["serve", "serve.csv", amounts(1000, 3000)]]);
  const surface = page.locator("#scatter [role=slider]");
  await surface.scrollIntoViewIfNeeded();
  const box = await surface.boundingBox();
  const at = (share: number) => (box?.x ?? 0) + (box?.width ?? 0) * share;
  const middle = (box?.y ?? 0) + (box?.height ?? 0) / 2;
  await page.mouse.move(at(0.7), middle);
  await expect(page.locator("#scatter .tip")).toContainText(/\d+ points?, mean error/);
  await page.mouse.down();
  await page.mouse.move(at(0.95), middle, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/where=run~serve\.csv~serve(%3B|;)r\.label~r~[^&]*#scatter$/);
  await expect(page.locator("#answer .chip")).toContainText(/^label /);
  await expect(page.locator("#answer .answer")).toContainText(/of 1,000 rows are selected/);
  await expect(page.locator("#answer .differences")).toContainText("size");
  await expect(page.locator("#scatter svg.plot rect.brush")).toBeVisible();
  await page.getByRole("link", { name: "Clear" }).click();
  await expect(page.locator("#answer")).toHaveCount(0);

  await page.waitForLoadState("networkidle");
  await surface.focus();
  await page.keyboard.press("Home");
  for (let step = 0; step < 6; step += 1) await page.keyboard.press("Shift+ArrowRight");
  await expect(surface).toHaveAttribute("aria-valuetext", /to .*: \d+ points, mean error/);
  await page.keyboard.press("Enter");
  await expect(page.locator("#answer .answer")).toContainText(/rows are selected/);

  const form = page.getByRole("form", { name: "Select rows by true and predicted value" });
  await form.getByLabel("Predicted value from").fill("60000");
  await form.getByLabel("True value from").fill("");
  await form.getByLabel("True value to").fill("100000");
  await form.getByRole("button").click();
  await expect(page.locator("#answer .chip")).toHaveText(/label up to 100,000 and prediction from 60,000/);
  await fits(page);
  await accessible(page);
  expect(address).toContain("/evaluation");
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("true and predicted values are marked by the form", async ({ page, request }) => {
    await evaluate(page, request, "typed amounts", [["serve", "serve.csv", amounts(1000, 3000)]]);
    const form = page.getByRole("form", { name: "Select rows by true and predicted value" });
    await form.getByLabel("True value from").fill("90,000");
    await form.getByRole("button").click();
    await expect(page.locator("#answer .chip")).toHaveText(/label from 90,000/);
    await expect(page.locator("#answer .answer")).toContainText(/of 1,000 rows are selected/);
  });
});

test("predicted quantiles have their calibration and the coverage of their interval", async ({ page, request }) => {
  const roll = dice(7);
  const lines = Array.from({ length: 800 }, (_, row) => {
    const predicted = 40 + roll() * 60;
    const truth = predicted + (roll() - 0.5) * 40;
    return [row, truth.toFixed(2), predicted.toFixed(2), (predicted - 8).toFixed(2), predicted.toFixed(2), (predicted + 8).toFixed(2)];
  });
  await evaluate(page, request, "quantiles", [["predictions", "run.csv", csv(["row_id", "y_true", "y_pred", "q10", "q50", "q90"], lines)]]);
  const section = page.getByRole("region", { name: "Predicted quantiles" });
  await expect(section).toContainText(/The 80 % interval \(q10 to q90\) holds (3[5-9]|4[0-5])(\.\d)? % of the labels/);
  await expect(section).toContainText("it is too narrow");
  await expect(section.locator(".chart-title")).toHaveText("Calibration of the predicted quantiles");
  await expect(section.getByRole("region", { name: "Quantiles" }).locator("tbody tr")).toHaveCount(3);
  for (const kind of ["svg", "png", "csv"]) {
    const file = await section.locator(`a[href*="quantile_calibration.${kind}"]`).getAttribute("href");
    expect((await page.request.get(file ?? "")).status()).toBe(200);
  }
  await fits(page);
  await accessible(page);
});

test("a loss that grows without end leaves learning readable", async ({ page, request }) => {
  await evaluate(page, request, "curves", [["learningcurve", "history.csv", diverging()]]);
  const losses = page.locator(".chart-values").filter({ hasText: "loss per epoch" });
  await expect(losses.locator(".note").first()).toContainText(/Not drawn: val_loss up to .* at epoch 40/);
  await expect(losses.locator(".tick").filter({ hasText: /e1\d\d/ })).toHaveCount(0);
  await expect(losses.locator(".key").filter({ hasText: "val_loss: best" })).toContainText("at epoch 20");
  await expect(page.locator(".key").filter({ hasText: "val_f1: best" })).toContainText("at epoch 26");
  await fits(page);
  await accessible(page);
});
