// The report of what people decided: as files, on paper, as a few lines for a chat, and what a link shows of it.
import AxeBuilder from "@axe-core/playwright";
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";

import { diagnosed, sign } from "./people";
import { expect, test } from "./server";

// The suspects depend on the data alone, not on test sets of other tests.
test.use({ apart: "report" });

async function downloaded(page: Page, link: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator(".report-links").getByRole("link", { name: link }).click()]);
  return readFileSync(await download.path(), "utf8");
}

test("a decision is in the files with one click, and the HTML file needs nothing else", async ({ page, request }) => {
  const map = await diagnosed(request, "Report of a decision");
  await page.goto(map);
  const statement = await page.locator("#suspect").innerText();
  const form = page.locator("form.decide").first();
  await sign(form, "Ada");
  await form.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByRole("region", { name: statement })).toContainText("confirmed by Ada");

  const markdown = await downloaded(page, "Markdown");
  expect(markdown).toContain("# Report of a decision");
  expect(markdown).toMatch(/^\*\*Cause: .+\.\*\*/m);
  expect(markdown).toContain("confirmed by Ada");
  const html = await downloaded(page, "HTML");
  expect(html).not.toMatch(/<script|<link|src=|@import|url\(/);
  await page.setContent(html);
  await expect(page.locator(".prime")).toContainText(statement);
  await expect(page.locator(".prime")).toContainText("confirmed by Ada");
  await expect(page.locator("svg").first()).toBeVisible();
});

test("the chart of a report follows the theme and is light on paper", async ({ page, request }) => {
  const map = await diagnosed(request, "Report at night");
  await page.goto(map);
  const html = await downloaded(page, "HTML");
  const paper = () => page.locator("figure svg rect").first().evaluate((rect) => getComputedStyle(rect).fill);
  const light = "rgb(255, 255, 255)";
  for (const shown of ["file", "page"]) {
    // A file has no policy of a server, which would forbid its style.
    await page.goto(shown === "file" ? "about:blank" : `${map}/report`);
    if (shown === "file") await page.setContent(html);
    await page.emulateMedia({ colorScheme: "light" });
    expect(await paper(), shown).toBe(light);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await paper(), shown).toBe("rgb(22, 26, 32)");
    await page.emulateMedia({ colorScheme: "dark", media: "print" });
    expect(await paper(), shown).toBe(light);
    await page.emulateMedia({ colorScheme: null, media: null });
  }
});

test("on paper the evidence is unfolded, and what takes a click is gone", async ({ page, request }) => {
  await page.addInitScript(() => {
    window.print = () => document.body.classList.add("printed");
  });
  const map = await diagnosed(request, "Printed");
  await page.goto(map);
  const supports = page.locator(".suspect details", { hasText: "Explains" }).locator("li").first();
  await expect(supports).toBeHidden();
  await page.emulateMedia({ media: "print" });
  await expect(supports).toBeVisible();
  for (const gone of ["form", "button", ".top", ".tabs", ".report-links", ".copy-box", ".disclosure > summary:text('Mute')"]) {
    for (const one of await page.locator(gone).all()) await expect(one, gone).toBeHidden();
  }
  await page.emulateMedia({ media: "screen" });

  await page.locator(".report-links").getByRole("link", { name: "Print or PDF" }).click();
  await expect(page).toHaveURL(/\/report#print$/);
  await expect(page.locator("body.printed")).toHaveCount(1);
  await page.goto(`${map}/report`);
  await expect(page.locator("body.printed")).toHaveCount(0);
  await page.getByRole("button", { name: "Print or save as PDF" }).click();
  await expect(page.locator("body.printed")).toHaveCount(1);
  await expect(page.locator(".report")).toContainText("Findings");
  for (const width of [320, 390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect.soft(overflow, `${width}`).toBeLessThanOrEqual(0);
  }
  const axe = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
  expect(axe.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target).join(" | ")}`)).toEqual([]);
});

test("a few lines for a chat name the cause and the address", async ({ page, request, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const map = await diagnosed(request, "For a chat");
  await page.goto(map);
  await page.getByText("Copy as text for a chat").click();
  const text = page.getByLabel("Text for a chat");
  await expect(text).toHaveValue(/^For a chat \(car-loan\), open\nPrime suspect \(likelihood .+ %\): .*car_value/);
  await expect(text).toHaveValue(new RegExp(`\n${page.url()}$`));
  const box = page.locator(".for-chat .copy-box");
  await box.getByRole("button", { name: "Copy" }).click();
  await expect(box.getByRole("status")).toHaveText("Copied.");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await text.inputValue());
});

test("a new link is shown where it was made, to whoever made it, and its page has the reports", async ({ page, request, browser, baseURL }) => {
  const map = await diagnosed(request, "Shared report");
  await page.goto(map);
  await page.getByRole("button", { name: "Make a link" }).click();
  await expect(page).toHaveURL(`${map}#share`);
  const box = page.getByLabel("Address of the new link");
  await expect(box).toHaveValue(/\/s\/[0-9a-f]{64}$/);
  const link = await box.inputValue();

  const other = await (await browser.newContext({ baseURL })).newPage();
  await other.goto(map);
  await expect(other.locator("#share")).toBeVisible();
  await expect(other.getByLabel("Address of the new link")).toHaveCount(0);
  await expect(other.locator("main")).toContainText("only its hash is stored");
  await other.goto(link);
  expect(await downloaded(other, "Markdown")).toContain("# Shared report");
  await other.locator(".report-links").getByRole("link", { name: "Print or PDF" }).click();
  await expect(other.locator(".report")).toContainText("Findings");
  await expect(other.locator("form[method=post]")).toHaveCount(0);

  await page.reload();
  await page.getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByLabel("Address of the new link")).toHaveCount(0);
  await expect(page.locator("main")).toContainText("1 expired or revoked");
  await other.context().close();
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("the text for a chat and the report can be read", async ({ page, request }) => {
    const map = await diagnosed(request, "Plain report");
    await page.goto(map);
    await page.getByText("Copy as text for a chat").click();
    await expect(page.getByLabel("Text for a chat")).toHaveValue(new RegExp(`\n${page.url()}$`));
    await page.goto(`${map}/report`);
    await expect(page.getByRole("button", { name: "Print or save as PDF" })).toBeHidden();
    await expect(page.locator(".report")).toContainText("Prime suspect");
  });
});
