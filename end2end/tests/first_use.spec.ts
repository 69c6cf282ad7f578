// What a newcomer meets: an empty list, examples to open, and a tour of the map.
import AxeBuilder from "@axe-core/playwright";

import { expect, test } from "./server";

test.use({ verb: "serve", apart: "first use" });

test("an example is opened with one click, and its tour is walked and closed for good", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Examples on public data" })).toBeVisible();
  await page.getByRole("button", { name: "Open the example House prices" }).click();
  await expect(page.locator(".station")).toHaveCount(7, { timeout: 45_000 });
  await expect(page.locator("h2#suspect")).toContainText("test");
  const tour = page.getByRole("complementary", { name: "Tour" });
  await expect(tour).toContainText("Tour, step 1 of 3");
  expect((await new AxeBuilder({ page }).include(".tour").analyze()).violations).toEqual([]);
  await tour.getByRole("link", { name: "Next" }).click();
  await expect(tour).toContainText("Tour, step 2 of 3");
  await expect(tour).toBeInViewport();
  await tour.getByRole("link", { name: "Next" }).click();
  await expect(tour).toContainText("Tour, step 3 of 3");
  await tour.getByRole("button", { name: "Done, don’t show it again" }).click();
  await expect(page.locator(".station")).toHaveCount(7);
  await expect(tour).toHaveCount(0);
  await page.reload();
  await expect(tour).toHaveCount(0);
});

test("the other examples name what was done to them", async ({ page }) => {
  for (const [name, headline] of [
    ["Credit cards", /v6/],
    ["Car loans", /car_value/],
  ] as const) {
    await page.goto("/investigations/new");
    await page.getByRole("button", { name: `Open the example ${name}` }).click();
    await expect(page.locator(".station")).toHaveCount(7, { timeout: 45_000 });
    await expect(page.locator("h2#suspect")).toContainText(headline);
  }
});
