// A cell of the matrix is asked about in place, and the address follows.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { expect, test } from "./server";

test.use({ verb: "demo", contextOptions: { reducedMotion: "reduce" } });

async function evaluation(page: Page): Promise<void> {
  await page.goto("/");
  await page.getByRole("link", { name: /Accuracy fell six points/ }).first().click();
  await page.getByRole("link", { name: "Evaluation", exact: true }).click();
  await expect(page.locator(".threshold-explorer")).toBeVisible();
}

test("the rows of a cell are explained, narrowed and let go without leaving the page", async ({ page }) => {
  await evaluation(page);
  await page.waitForLoadState("networkidle");
  await page.evaluate(() => (document.documentElement.dataset.stays = "yes"));
  const question = page.getByRole("region", { name: "Selected rows" });
  const chips = question.locator(".chip");
  await expect(question).toBeHidden();
  await page.locator(".matrix td.wrong a").first().click();
  await expect(question.locator(".answer")).toContainText(/rows (is|are) selected/);
  await expect(chips).toHaveCount(2);
  await expect(page).toHaveURL(/where=run/);
  const rows = await question.locator(".answer p").first().innerText();

  const only = question.locator("a.only").first();
  const narrower = (await only.innerText()).replace(/^only /, "");
  await only.click();
  await expect(chips).toHaveCount(3);
  await expect(chips.last()).toContainText(narrower);
  await expect(question.locator(".answer p").first()).not.toHaveText(rows);
  const axe = await new AxeBuilder({ page }).include(".threshold-explorer").analyze();
  expect(axe.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target).join(" | ")}`)).toEqual([]);
  await chips.last().getByRole("link", { name: /Remove the condition/ }).click();
  await expect(chips).toHaveCount(2);
  await expect(question.locator(".answer p").first()).toHaveText(rows);

  // The choice of what the cells show keeps the question.
  await page.getByRole("link", { name: "% of true" }).click();
  await expect(page).toHaveURL(/cells=rows/);
  await expect(chips).toHaveCount(2);
  const address = page.url();
  await question.getByRole("link", { name: "Clear", exact: true }).click();
  await expect(question).toBeHidden();
  await expect(page).not.toHaveURL(/where=/);
  expect(await page.evaluate(() => document.documentElement.dataset.stays)).toBe("yes");

  await page.goto(address);
  await expect(question.locator(".answer p").first()).toHaveText(rows);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("the same are links", async ({ page }) => {
    await evaluation(page);
    await page.locator(".matrix td.wrong a").first().click();
    const question = page.getByRole("region", { name: "Selected rows" });
    await expect(question.locator(".chip")).toHaveCount(2);
    await question.locator("a.only").first().click();
    await expect(question.locator(".chip")).toHaveCount(3);
    await question.getByRole("link", { name: "Clear", exact: true }).click();
    await expect(question).toBeHidden();
  });
});
