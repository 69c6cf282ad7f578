// What becomes of the files that people bring: each with its own roles, nothing that is not a table taken for one, no
// headline about what has to change, and nothing started or kept that was not meant.
import type { Page } from "@playwright/test";

import { dropFiles } from "./investigate";
import * as made from "./made";
import { text } from "./made";
import { opened } from "./people";
import { expect, test } from "./server";
import { columns, csv, dice } from "./tables";

// The suspects depend on the data alone, not on test sets of other tests.
test.use({ apart: "files" });

const dropped = ({ name, bytes }: made.Sent) => ({ name, mimeType: "application/octet-stream", buffer: bytes });
/** Starts it, once the last file is shown: until then the button moves down. */
async function begin(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
  await page.getByRole("button", { name: "Start the investigation" }).click();
}

/** Customers, of whom those with much usage leave; the label has the name that the file's owner gave it. */
function customers(seed: number, rows: number, label?: string): string {
  const roll = dice(seed);
  const lines = Array.from({ length: rows }, (_, row) => {
    const usage = roll() * 100;
    const stays: (string | number)[] = [seed * 100_000 + row, usage.toFixed(2), Math.floor(roll() * 60), ["north", "south", "west"][row % 3] ?? ""];
    return label ? [...stays, usage + roll() * 40 > 80 ? 1 : 0] : stays;
  });
  return csv(["id", "usage", "months", "region", ...(label ? [label] : [])], lines);
}

/** Predictions about some of them, under names of their own. */
function predictions(seed: number, rows: number): string {
  const roll = dice(seed + 1);
  const lines = Array.from({ length: rows }, (_, row) => {
    const score = roll();
    return [seed * 100_000 + row, (score + roll()) / 2 > 0.5 ? 1 : 0, score > 0.5 ? 1 : 0, score.toFixed(4)];
  });
  return csv(["id", "y_true", "y_pred", "y_score"], lines);
}

test("the label of the predictions has its own name and takes nothing from the one of train", async ({ page }) => {
  await dropFiles(page, [
    text("train.csv", customers(1, 600, "churn")),
    text("scoring.csv", customers(2, 600)),
    text("predictions.csv", predictions(3, 400)),
  ].map(dropped));
  await expect(page.getByLabel("Label", { exact: true })).toHaveValue("churn");
  const header = (file: string, column: string) => page.locator(`.start-file[aria-label="${file}"] th`, { hasText: column });
  await expect(header("train.csv", "churn")).toContainText("label");
  await expect(header("predictions.csv", "y_true")).toContainText("label");
  await begin(page);
  await expect(page.locator(".station")).toHaveCount(7, { timeout: 45_000 });
  // Neither is compared as a feature, and the run of the predictions has its own truth.
  await expect(page.locator("main")).not.toContainText(/churn is missing|y_true is (new|missing)/);
  await page.getByRole("link", { name: "Evaluation", exact: true }).click();
  await expect(page.locator("table.runs").first()).toContainText("accuracy");
});

/** What other tools write, and which is not a table of rows. */
const OTHERS: [string, string][] = [
  ["prometheus.json", JSON.stringify({ status: "success", data: { resultType: "matrix", result: [{ metric: { job: "api" }, values: [[1, "2"], [2, "3"]] }] } })],
  ["mlflow_run.json", JSON.stringify({ run: { info: { run_id: "a1", status: "FINISHED" }, data: { metrics: [{ key: "auc", value: 0.9 }], params: [] } } })],
  ["dvc.lock", "schema: '2.0'\nstages:\n  train:\n    cmd: python train.py\n    deps:\n    - path: data.csv\n      md5: 1c2d\n"],
];

for (const [name, content] of OTHERS) {
  test(`${name} next to tables is no table of the investigation`, async ({ page }) => {
    await dropFiles(page, [text("train.csv", customers(5, 300, "churn")), text("serve.csv", customers(6, 300)), text(name, content)].map(dropped));
    const file = page.locator(`.start-file[aria-label="${name}"]`);
    // What is not read may be refused.
    await expect(file.or(page.getByRole("alert"))).toBeVisible();
    if (await file.isVisible()) await expect(file).toContainText("Artifact of another tool");
    await begin(page);
    await expect(page.locator(".station")).toHaveCount(7, { timeout: 45_000 });
    const tables = page.locator(".chips[aria-label=Inputs] li:not(:has-text('Artifact of another tool')) .name");
    await expect(tables).toHaveText(["train.csv", "serve.csv"]);
    await expect(page.locator("main")).not.toContainText(/resultType|run_id|schema: '2.0'/);
  });
}

test("what only became later and a value a little over the largest are no suspects", async ({ page, request }) => {
  const people = (seed: number, years: number[], oldest: number) => {
    const roll = dice(seed);
    const lines = Array.from({ length: 1500 }, (_, row) => {
      const age = row < 3 ? oldest : 17 + Math.floor(roll() * 70);
      return [years[row % years.length] ?? 0, age, ["private", "state", "own"][Math.floor(roll() * 3)] ?? "", 20 + Math.floor(roll() * 40)];
    });
    return csv(["year", "AGEP", "work", "hours"], lines);
  };
  const map = await made.diagnosed(request, { title: "Census", model: "census" }, [
    text("train.csv", people(11, [2013, 2014, 2015], 94), "train"),
    text("serve.csv", people(12, [2016, 2017], 95), "serve"),
  ]);
  await page.goto(map);
  await expect(page.locator("#suspect")).not.toContainText(/year|AGEP/);
  await expect(page.locator(".station.mismatch")).toHaveCount(0);
});

test("an item of which some checks lack their input is not called clear, and says how many were made", async ({ page, request }) => {
  const map = await made.diagnosed(request, { title: "Half of the checks", model: "m" }, [
    text("train.csv", customers(21, 600, "churn"), "train"),
    text("serve.csv", customers(22, 600), "serve"),
  ]);
  await page.goto(map);
  const words = await page.locator(".item-mark .hidden").allInnerTexts();
  const lacking = words.filter((one) => one.includes("(needs ") && !one.includes("no evidence"));
  expect(lacking.length).toBeGreaterThan(0);
  for (const one of lacking) expect(one).toMatch(/partly checked, \d+ of \d+ checks|mismatch|possible|weakness/);
  expect(words.filter((one) => / clear \(needs/.test(one))).toEqual([]);
  await page.locator(".item-mark.partly").first().click();
  const item = page.locator("section.item").filter({ has: page.locator(".verdict.partly") }).first();
  await expect(item).toContainText(/\d+ of \d+ checks/);
  await expect(item).toContainText("Inputs needed for all checks");
});

test.describe("the inputs of an investigation", () => {
  test("with two thousand columns a role is chosen from them, and the page stays small", async ({ page, request }) => {
    const map = await made.diagnosed(request, { title: "Two thousand columns", model: "wide" }, [
      text("train.csv", columns(31, 2000, 60, 0), "train"),
      text("serve.csv", columns(32, 2000, 60, 0), "serve"),
    ]);
    await page.goto(`${map}/inputs`);
    const label = page.getByLabel("Label", { exact: true });
    const offered = await label.evaluate((field: HTMLInputElement | HTMLSelectElement) => {
      return [...(field instanceof HTMLSelectElement ? field : field.list)?.querySelectorAll("option") ?? []].map((one) => (one as HTMLOptionElement).value);
    });
    expect(offered).toContain("f0000");
    expect(offered).toContain("f1999");
    for (const preview of await page.locator(".preview").all()) expect(await preview.locator("th").count()).toBeLessThanOrEqual(40);
    await expect(page.locator("main")).toContainText("and 1,960 columns more");
  });

  test("a column in the wrong case is refused, and nothing is changed", async ({ page, request }) => {
    const map = await made.diagnosed(request, { title: "A wrong case", model: "m" }, [
      text("train.csv", customers(41, 400, "Churn"), "train"),
      text("serve.csv", customers(42, 400), "serve"),
    ]);
    const before = await (await request.get(`/api/v1${map}`)).json();
    const changed = await request.put(`/api/v1${map}/inputs`, {
      data: { inputs: before.inputs.map((one: any) => [one.role, one.snapshot.id]), roles: { label: "churn" } },
    });
    expect(changed.status()).toBe(400);
    expect(await changed.text()).toContain("Churn");
    const after = await (await request.get(`/api/v1${map}`)).json();
    expect(after.roles).toEqual(before.roles);
    expect(await made.over(request, map)).toBe("done");
    await page.goto(map);
    await expect(page.locator(".station")).toHaveCount(7);
  });
});

test("without a file that can be read nothing is started, and the form keeps what was written", async ({ page, request }) => {
  const count = async () => (await (await request.get("/api/v1/investigations")).json()).length;
  const before = await count();
  await dropFiles(page, [dropped(made.picture("photo.csv"))]);
  await expect(page.getByRole("alert")).toContainText("photo.csv");
  await page.getByLabel("Title", { exact: true }).fill("A photo");
  await begin(page);
  await expect(page.getByRole("alert").first()).toBeVisible();
  expect(await count()).toBe(before);
  await expect(page).toHaveURL(/\/investigations(\/new)?$/);
});

test("what was opened for nothing is renamed, emptied of its inputs and archived", async ({ page, request }) => {
  const map = `/investigations/${await opened(request, "What is wrong?")}`;
  await page.goto(map);
  await page.getByText("Rename, edit, export, archive or delete").click();
  await page.getByLabel("Title", { exact: true }).fill("Nothing was wrong");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Nothing was wrong");
  await page.getByText("Rename, edit, export, archive or delete").click();
  await page.getByRole("button", { name: "Archive", exact: true }).click();
  await page.goto("/");
  await expect(page.locator("li.investigation", { hasText: "Nothing was wrong" })).toHaveCount(0);
});
