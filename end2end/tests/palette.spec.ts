// The search over everything and the keys, on a finished investigation.
import AxeBuilder from "@axe-core/playwright";
import type { APIRequestContext, Page } from "@playwright/test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { opened } from "./people";
import { expect, test } from "./server";

const folder = join(import.meta.dirname, "..", "screenshots");
mkdirSync(folder, { recursive: true });

test.use({ verb: "demo", contextOptions: { reducedMotion: "reduce" } });

const palette = (page: Page) => page.getByRole("dialog", { name: "Find anything" });
const shortcuts = (page: Page) => page.getByRole("dialog", { name: "Keyboard shortcuts" });
const words = (page: Page) => palette(page).getByRole("combobox");
const options = (page: Page) => palette(page).getByRole("option");

async function demo(request: APIRequestContext): Promise<string> {
  const all: { id: string; title: string }[] = await (await request.get("/api/v1/investigations")).json();
  return `/investigations/${all.find(({ title }) => title.startsWith("Accuracy fell six points"))?.id}`;
}

/** Opens a page and waits until the keys are heard: until then the browser has them to itself. */
async function ready(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(async () => {
    await page.keyboard.press("Control+k");
    await expect(palette(page)).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.keyboard.press("Escape");
  await expect(palette(page)).toBeHidden();
}

/** Nothing wrong in light and dark, wide and narrow, and nothing wider than the window. */
async function looksRight(page: Page, name: string): Promise<void> {
  for (const [look, colorScheme, width] of [["light", "light", 1280], ["dark", "dark", 1280], ["narrow", "light", 390]] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: join(folder, `${name}-${look}.png`) });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect.soft(overflow, `${look}: it is wider than the window`).toBeLessThanOrEqual(0);
    const axe = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
    expect.soft(axe.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target).join(" | ")}`), look).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 900 });
}

test("a column is found by its name, and Enter opens it", async ({ page, request }) => {
  const map = await demo(request);
  await ready(page, map);
  await page.keyboard.press("Control+k");
  await expect(words(page)).toBeFocused();
  await expect(options(page).filter({ hasText: "Compare" })).toBeVisible();
  await words(page).fill("driver_t");
  await expect(options(page).first()).toContainText("driver_tenure");
  await expect(options(page).first()).toHaveAttribute("aria-selected", "true");
  await expect(words(page)).toHaveAttribute("aria-activedescendant", (await options(page).first().getAttribute("id")) ?? "");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${map}/compare?column=driver_tenure#detail`);
  // What is on this very page closes the dialog too.
  await ready(page, page.url());
  await page.keyboard.press("Control+k");
  await words(page).fill("driver_tenure");
  await expect(options(page).first()).toContainText("driver_tenure");
  await options(page).first().click();
  await expect(palette(page)).toBeHidden();
});

test("Enter that comes before the answer waits for it", async ({ page, request }) => {
  const map = await demo(request);
  await ready(page, map);
  await page.route("**/palette?*", async (route) => {
    await new Promise((wake) => setTimeout(wake, 300));
    await route.continue();
  });
  await page.keyboard.press("Control+k");
  await page.keyboard.type("evaluation");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${map}/evaluation`);
});

test("arrows, Home and End choose, and the focus returns to the button", async ({ page, request }) => {
  const map = await demo(request);
  await ready(page, map);
  const button = page.getByRole("button", { name: "Search", exact: true }).first();
  await button.click();
  await expect(words(page)).toBeFocused();
  await words(page).fill("car_value");
  await expect(options(page).first()).toContainText("car_value");
  const chosen = palette(page).locator("[role=option][aria-selected=true]");
  const all = await options(page).allInnerTexts();
  expect(all.length).toBeGreaterThan(2);
  await page.keyboard.press("ArrowDown");
  await expect(chosen).toHaveId("hit-1");
  await page.keyboard.press("End");
  await expect(chosen).toHaveId(`hit-${all.length - 1}`);
  await page.keyboard.press("ArrowDown");
  await expect(chosen).toHaveId("hit-0");
  await page.keyboard.press("ArrowUp");
  await expect(chosen).toHaveId(`hit-${all.length - 1}`);
  await page.keyboard.press("Home");
  await expect(chosen).toHaveId("hit-0");
  await expect(chosen).toHaveCount(1);
  await expect(palette(page).getByRole("status")).toContainText(/result/);
  await words(page).fill("zzzzzzzz");
  await expect(palette(page).getByRole("status")).toHaveText("Nothing matches.");
  await expect(options(page)).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(palette(page)).toBeHidden();
  await expect(button).toBeFocused();
});

test("findings, checks and other investigations are found", async ({ page, request }) => {
  const map = await demo(request);
  const other = await opened(request, "Zebra fell", "stripes");
  await ready(page, map);
  await page.keyboard.press("Control+k");
  await words(page).fill("zebra");
  await expect(options(page).first()).toContainText("Zebra fell");
  await words(page).fill("f2 car_value");
  await expect(options(page).first()).toContainText("Finding");
  await options(page).first().click();
  await expect(page).toHaveURL(new RegExp(`${map}/layers/features\\?finding=.*#finding-`));
  await ready(page, `/investigations/${other}`);
  await page.keyboard.press("Control+k");
  await words(page).fill("label leakage");
  await options(page).filter({ hasText: "D4" }).first().click();
  await expect(page).toHaveURL(/\/reference\/D4/);
});

test("keys lead to pages, not from a field, and not once they are turned off", async ({ page, request }) => {
  const map = await demo(request);
  await ready(page, map);
  await page.keyboard.press("?");
  await expect(shortcuts(page)).toBeVisible();
  await expect(shortcuts(page)).toContainText("Map of this investigation");
  // A dialog is open: nothing leads away.
  await page.keyboard.press("n");
  await page.keyboard.press("Escape");
  await expect(shortcuts(page)).toBeHidden();
  await expect(page).toHaveURL(map);
  await page.keyboard.press("g");
  await page.keyboard.press("c");
  await expect(page).toHaveURL(`${map}/compare`);

  await ready(page, `${map}/compare`);
  await page.keyboard.press("/");
  const field = page.getByLabel("Column name");
  await expect(field).toBeFocused();
  await page.keyboard.type("gi?n/gm");
  await expect(field).toHaveValue("gi?n/gm");
  await expect(shortcuts(page)).toBeHidden();
  await expect(page).toHaveURL(`${map}/compare`);
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("Control+?");
  await expect(shortcuts(page)).toBeHidden();
  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await expect(page).toHaveURL(map);

  await ready(page, map);
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  const on = shortcuts(page).getByRole("checkbox");
  await expect(on).toBeChecked();
  await on.uncheck();
  await shortcuts(page).getByRole("button", { name: "Close" }).click();
  await page.keyboard.press("?");
  await expect(shortcuts(page)).toBeHidden();
  await ready(page, `${map}/compare`);
  await page.keyboard.press("?");
  await page.keyboard.press("n");
  await expect(shortcuts(page)).toBeHidden();
  await expect(page).toHaveURL(`${map}/compare`);
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await expect(on).not.toBeChecked();
  await on.check();
  await page.keyboard.press("Escape");
  await expect(shortcuts(page)).toBeHidden();
  await page.keyboard.press("n");
  await expect(page).toHaveURL("/investigations/new");
});

test("both dialogs and the page of the search can be used by everybody", async ({ page, request }) => {
  const map = await demo(request);
  await ready(page, map);
  await page.keyboard.press("Control+k");
  await words(page).fill("car");
  await expect(options(page).first()).toContainText("car_value");
  await looksRight(page, "palette");
  await page.keyboard.press("Escape");
  await expect(palette(page)).toBeHidden();
  await page.keyboard.press("?");
  await expect(shortcuts(page)).toBeVisible();
  await looksRight(page, "shortcuts");
  await page.goto(`/search?in=${map.split("/").at(-1)}&q=car`);
  await looksRight(page, "search");
  // As at 200 % zoom.
  await page.setViewportSize({ width: 640, height: 450 });
  await ready(page, map);
  await page.keyboard.press("Control+k");
  await expect(options(page).first()).toBeVisible();
  const box = await palette(page).boundingBox();
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(450);
});

test("through a link only what it shows is found", async ({ page, request }) => {
  const map = await demo(request);
  await opened(request, "Nobody else's business");
  const made = await request.post(`/api/v1${map}/share-links`, { data: {} });
  const shared = `/s/${(await made.json()).secret}`;
  await ready(page, shared);
  await page.keyboard.press("Control+k");
  const addresses = () => options(page).evaluateAll((all) => all.map((one) => one.getAttribute("href") ?? ""));
  await expect(options(page).first()).toContainText("Map");
  for (const address of await addresses()) expect(address.startsWith(shared), address).toBe(true);
  for (const text of ["nobody", "reference", "label leakage"]) {
    await words(page).fill(text);
    await expect(palette(page).getByRole("status")).toHaveText("Nothing matches.");
    await words(page).fill("car_value");
    await expect(options(page).first()).toContainText("car_value");
    for (const address of await addresses()) expect(address.startsWith(shared), address).toBe(true);
  }
  await page.keyboard.press("Escape");
  await expect(palette(page)).toBeHidden();
  await page.keyboard.press("?");
  await expect(shortcuts(page)).toContainText("Compare");
  await expect(shortcuts(page)).not.toContainText("Reference");
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("the button leads to a page with the same search", async ({ page, request }) => {
    const map = await demo(request);
    await page.goto(map);
    await page.getByRole("button", { name: "Search", exact: true }).first().click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Search");
    await page.getByRole("searchbox", { name: "Words" }).fill("driver_tenure");
    await page.locator("main").getByRole("button", { name: "Search" }).click();
    await page.locator(".hits").getByRole("link", { name: /Column driver_tenure/ }).click();
    await expect(page).toHaveURL(`${map}/compare?column=driver_tenure#detail`);
  });
});
