// How an investigation is started by a person whose browser runs scripts.
import type { Page } from "@playwright/test";

import { expect } from "./server";

type Files = Parameters<ReturnType<Page["locator"]>["setInputFiles"]>[0];

/** Opens the form for a new investigation and gives it the files. */
export async function dropFiles(page: Page, files: Files): Promise<void> {
  await page.goto("/investigations/new");
  const input = page.locator("input[type=file][multiple]");
  // From when the script runs, it sends the files itself, and the form's own input has no name any more.
  await expect(input).not.toHaveAttribute("name");
  await input.setInputFiles(files);
}

/** Starts an investigation of the files; the page that follows shows how far the diagnosis is. */
export async function start(page: Page, title: string, files: Exclude<Files, string>): Promise<void> {
  await dropFiles(page, files);
  const count = Array.isArray(files) ? files.length : 1;
  await expect(page.locator("input[type=hidden][name=snapshot]")).toHaveCount(count, { timeout: 60_000 });
  // The first rows of each file come after it, and move the button down.
  await page.waitForLoadState("networkidle");
  await page.getByLabel("Title", { exact: true }).fill(title);
  await page.getByLabel("Model", { exact: true }).fill("car-loan");
  await page.getByRole("button", { name: "Start the investigation" }).click();
}
