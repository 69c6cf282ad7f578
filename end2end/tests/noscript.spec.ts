// Pages are useful before any script runs: the same job with scripts switched off.
import { expect, fixture, test } from "./server";

test.use({ verb: "demo", javaScriptEnabled: false });

test("the map, a layer, a column and an evaluation can be read", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("link", { name: /Accuracy fell six points/ }).first().click();
  await expect(page.locator(".station")).toHaveCount(7);
  const map = page.url();
  await page.goto(`${map}/layers/features`);
  await expect(page.locator("main")).toContainText("car_value");
  await page.goto(`${map}/compare?column=car_value`);
  await expect(page.locator(".compare-chart svg").first()).toBeVisible();
  await page.goto(`${map}/evaluation`);
  await expect(page.locator(".matrix table").first()).toBeVisible();
});

test("an investigation can be started with a plain form", async ({ page }) => {
  await page.goto("/investigations/new");
  await page.locator("input[type=file][multiple]").setInputFiles([
    fixture("server", "service", "demo", "train.parquet"),
    fixture("server", "service", "demo", "serve.parquet"),
  ]);
  await page.getByLabel("Title", { exact: true }).fill("Without a script");
  await page.getByRole("button", { name: "Start the investigation" }).click();
  await page.waitForURL(/\/investigations\/(?!new)/);
  const map = page.url().replace(/\/inputs.*/, "");
  await expect
    .poll(async () => {
      await page.goto(map);
      return page.locator(".station").count();
    }, { timeout: 45_000, intervals: [500] })
    .toBe(7);
});
