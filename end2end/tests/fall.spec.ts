// What a fall is made of: where it fell, and undoing the prime suspect.
import { readFileSync } from "node:fs";

import { expect, test } from "./server";

test.use({ verb: "demo" });

test.beforeEach(async ({ page }) => {
  await page.goto("/");
  await page.getByRole("link", { name: /Accuracy fell six points/ }).first().click();
});

test("where it fell stands under the picture, and a group of rows leads to its rows", async ({ page }) => {
  const fall = page.locator("section", { has: page.locator("#fall") });
  await expect(fall.getByRole("heading", { name: "Where it fell" })).toBeVisible();
  const groups = fall.getByRole("region", { name: "Where it fell" }).locator("tbody a");
  if ((await groups.count()) === 0) {
    await expect(fall).toContainText("No group of rows fell more than the others");
    return;
  }
  await groups.first().click();
  await expect(page).toHaveURL(/\/compare\?where=both/);
  await expect(page.locator(".answer .differences")).toBeVisible();
});

test("the prime suspect is undone: rows before and after, and all of them as a file", async ({ page }) => {
  await page.locator("section.suspect").getByRole("link", { name: "Undo it and see" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Undo it and see");
  await expect(page.locator("main")).toContainText("car_value is ");
  await expect(page.locator(".repaired tbody tr")).toHaveCount(10);
  await expect(page.locator("main .notice")).toContainText(/Confirmed: \d\.\d points are recovered on 4,000 rows/);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download the rows as CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("repaired.csv");
  const lines = readFileSync(await download.path(), "utf8").trimEnd().split("\r\n");
  expect(lines[0]).toContain("car_value");
  expect(lines.length).toBeGreaterThan(1_000);
});
