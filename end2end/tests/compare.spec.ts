// The comparison: finding columns, marking rows on charts, and what is different about them.
import AxeBuilder from "@axe-core/playwright";
import { readFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";

import { expect, test } from "./server";

test.use({ verb: "demo" });

/** Opens the comparison of the demonstration at a column; returns its address without parameters. */
async function compare(page: Page, column: string, more = ""): Promise<string> {
  const all: { id: string; title: string }[] = await (await page.request.get("/api/v1/investigations")).json();
  const demo = all.find(({ title }) => title.startsWith("Accuracy fell six points"));
  const address = `/investigations/${demo?.id}/compare`;
  await page.goto(`${address}?column=${column}${more}`);
  return address;
}

const surface = (page: Page): Locator => page.locator(".plot-frame [role=slider]");
const conditions = (page: Page): Locator => page.getByRole("list", { name: "Conditions" }).getByRole("listitem");

/** Waits until the script of the chart runs: then it shows what is under the pointer. */
async function ready(page: Page): Promise<void> {
  await expect(async () => {
    await surface(page).hover({ position: { x: 30, y: 40 } });
    await page.mouse.move(0, 0);
    await surface(page).hover({ position: { x: 60, y: 60 } });
    await expect(page.locator(".plot-frame .tip")).toBeVisible({ timeout: 1_000 });
  }).toPass();
}

/** Drags over the chart from one share of its width to another. */
async function drag(page: Page, from: number, to: number): Promise<void> {
  await ready(page);
  const box = await surface(page).boundingBox();
  if (!box) throw new Error("the chart has no place");
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * from, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * ((from + to) / 2), y, { steps: 3 });
  await page.mouse.move(box.x + box.width * to, y, { steps: 3 });
  await page.mouse.up();
  await expect(page.getByRole("heading", { name: "What is different about these rows?" })).toBeVisible();
}

const where = (page: Page): string | null => new URL(page.url()).searchParams.get("where");

test("columns are found by name, kind and findings, and the address keeps the search", async ({ page }) => {
  await compare(page, "car_value");
  await page.getByRole("searchbox", { name: "Column name" }).fill("VALUE");
  await page.getByRole("button", { name: "Find" }).click();
  await expect(page).toHaveURL(/q=VALUE/);
  await expect(page.locator(".comparison tbody tr")).toHaveCount(1);
  await expect(page.getByText("1 of 11 columns")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("searchbox")).toHaveValue("VALUE");
  await page.getByRole("link", { name: "Clear the search" }).click();
  await page.getByRole("combobox", { name: "Findings" }).selectOption({ label: "explained by a suspect" });
  await page.getByRole("button", { name: "Find" }).click();
  await expect(page.locator(".comparison")).toHaveCount(1);
  await expect(page.locator(".comparison tbody tr").first()).toContainText("explained by car_value");
});

test("thumbnail and chart open on the same axis, and the axis is a choice one can see", async ({ page }) => {
  await compare(page, "car_value");
  const axis = page.getByRole("navigation", { name: "Axis" });
  await expect(axis.getByRole("link", { name: "Log" })).toHaveAttribute("aria-current", "true");
  /** Which of its corners are above the base line. */
  const outline = (path: string | null) => (path?.match(/L[\d.]+,[\d.]+/g) ?? []).map((corner) => Number(corner.split(",")[1]) < 990);
  const chart = await page.locator(".compare-chart path.area.serve").getAttribute("d");
  const thumbnail = await page.locator("tr[aria-current] path.area.serve").getAttribute("d");
  expect(outline(chart)).toContain(true);
  expect(outline(thumbnail)).toEqual(outline(chart));
  await axis.getByRole("link", { name: "Linear" }).click();
  await expect(page).toHaveURL(/log=0/);
  await expect(axis.getByRole("link", { name: "Linear" })).toHaveAttribute("aria-current", "true");
});

test("values of both sides are shown at the pointer and at the keyboard's cursor", async ({ page }) => {
  await compare(page, "score");
  await ready(page);
  const tip = page.locator(".plot-frame .tip");
  await expect(tip).toContainText(/train [\d.]+ %, [\d,]+ rows/);
  await expect(tip).toContainText(/serve [\d.]+ %, [\d,]+ rows/);
  const box = await surface(page).boundingBox();
  const shown = await tip.boundingBox();
  expect(Math.abs((shown?.x ?? 0) - ((box?.x ?? 0) + 60))).toBeLessThan(60);
  await page.mouse.move(0, 0);
  await surface(page).focus();
  const first = await tip.innerText();
  await page.keyboard.press("ArrowRight");
  await expect(tip).not.toHaveText(first);
  await expect(surface(page)).toHaveAttribute("aria-valuetext", /train .* rows; serve .* rows/);
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Enter");
  await expect(conditions(page)).toHaveCount(1);
  await expect(conditions(page).first()).toContainText("score");
});

test("a selection stays through views, orders, columns and searches, and goes back in one step", async ({ page }) => {
  await compare(page, "score");
  await drag(page, 0.3, 0.7);
  const selected = where(page);
  expect(selected).toContain("c.score");
  await expect(page.locator(".readout")).toContainText(/selected: score [\d.]+ to [\d.]+/);
  await expect(page.locator(".compare-chart rect.brush").first()).toBeVisible();
  const size = await page.locator(".answer > p").first().innerText();
  expect(size).toMatch(/rows are selected: [\d,]+ of 6,000 train rows and [\d,]+ of 4,000 serve rows/);
  for (const way of [
    page.getByRole("link", { name: "ECDF" }),
    page.getByRole("link", { name: "Counts" }).or(page.getByRole("link", { name: "Histogram" })).first(),
    page.getByRole("columnheader", { name: "Missing" }).first().getByRole("link"),
    page.getByRole("rowheader", { name: /driver_tenure/ }).getByRole("link"),
  ]) {
    const before = page.url();
    await way.click();
    await expect(page).not.toHaveURL(before);
    expect(where(page)).toBe(selected);
    await expect(page.locator(".answer > p").first()).toHaveText(size);
  }
  await page.getByRole("button", { name: "Find" }).click();
  await expect(page.locator(".answer > p").first()).toHaveText(size);
  expect(where(page)).toBe(selected);
});

test("a click that drags nothing leaves the selection alone", async ({ page }) => {
  await compare(page, "score");
  await drag(page, 0.3, 0.7);
  const address = page.url();
  await ready(page);
  await surface(page).click({ position: { x: 20, y: 50 } });
  await page.locator("h1").click();
  expect(page.url()).toBe(address);
  await expect(conditions(page)).toHaveCount(1);
});

test("selections on several columns stack, and Back takes back exactly one", async ({ page }) => {
  await compare(page, "score");
  const untouched = page.url();
  await drag(page, 0.3, 0.7);
  const one = where(page);
  const wider = await page.locator(".answer > p").first().innerText();
  await page.getByRole("rowheader", { name: /driver_tenure/ }).getByRole("link").click();
  await drag(page, 0.5, 0.9);
  await expect(conditions(page)).toHaveCount(2);
  expect(where(page)?.startsWith(one ?? "?")).toBe(true);
  await expect(page.locator(".answer > p").first()).not.toHaveText(wider);

  await page.goBack();
  await expect(conditions(page)).toHaveCount(1);
  expect(where(page)).toBe(one);
  await page.goForward();
  await expect(conditions(page)).toHaveCount(2);
  await page.getByRole("link", { name: /Remove the condition score/ }).click();
  await expect(conditions(page)).toHaveCount(1);
  await expect(conditions(page).first()).toContainText("driver_tenure");
  await page.getByRole("link", { name: "Clear the selection" }).click();
  await expect(page.getByRole("heading", { name: "What is different about these rows?" })).toHaveCount(0);
  expect(where(page)).toBeNull();
  // Cleared, one removed, two stacked, the other column, one marked, nothing marked.
  for (let step = 0; step < 5; step++) await page.goBack();
  expect(page.url()).toBe(untouched);
});

test("bars of categories are picked one by one", async ({ page }) => {
  await compare(page, "salary_range");
  const bars = page.locator(".surface.bars a");
  await bars.nth(0).click();
  await expect(page.locator(".surface.bars a[aria-current]")).toHaveCount(1);
  await bars.nth(2).click();
  await expect(page.locator(".surface.bars a[aria-current]")).toHaveCount(2);
  await expect(conditions(page)).toHaveCount(1);
  await expect(conditions(page).first()).toContainText(" or ");
  await bars.nth(0).focus();
  await expect(bars.nth(0).locator(".tip")).toBeVisible();
});

test("the answer names what differs, in shares and dates, and narrows", async ({ page }) => {
  await compare(page, "car_value", "&where=both%3Bc.car_value~r~0e0~1e2~x");
  const answer = page.locator(".answer");
  await expect(answer).not.toContainText("no difference");
  await expect(answer.locator(".differences")).not.toContainText("car_value");
  await expect(answer.locator("li", { hasText: "event_time" })).toContainText(/median: 2026-\d\d-\d\d \d\d:\d\d in these rows/);
  await expect(answer).toContainText(/other columns? do(es)? not differ/);
  const before = where(page);
  await answer.locator("a.only").first().click();
  await expect(conditions(page)).toHaveCount(2);
  expect(where(page)?.startsWith(before ?? "?")).toBe(true);
});

test("the selected rows can be read, sorted and taken away", async ({ page }) => {
  await compare(page, "score", "&where=both%3Bc.score~r~5e-1~8e-1~x");
  await page.getByRole("link", { name: "Show these rows" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("selected rows");
  await expect(page.locator(".selected-rows tbody tr")).toHaveCount(100);
  const scores = () =>
    page.locator(".selected-rows tbody tr td:nth-child(2)").evaluateAll((cells) => cells.map((cell) => Number(cell.textContent)));
  expect((await scores()).every((score) => score >= 0.5 && score < 0.8)).toBe(true);
  await page.getByRole("columnheader", { name: "score" }).getByRole("link").click();
  await expect(page).toHaveURL(/sort=score/);
  const sorted = await scores();
  expect(sorted).toEqual([...sorted].sort((a, b) => a - b));
  await page.getByRole("link", { name: "Next" }).click();
  await expect(page.getByText(/101 to 200 of/)).toBeVisible();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download as CSV" }).click()]);
  expect(download.suggestedFilename()).toBe("rows.csv");
  const lines = readFileSync(await download.path(), "utf8").trim().split("\r\n");
  expect(lines[0].startsWith("table,score,")).toBe(true);
  const counted = /(\d[\d,]*) selected rows/.exec(await page.getByRole("heading", { level: 1 }).innerText())?.[1] ?? "";
  expect(lines.length - 1).toBe(Number(counted.replace(",", "")));
});

test("the comparison with a selection and its rows have no serious accessibility fault at any width", async ({ page }) => {
  const address = await compare(page, "car_value", "&where=both%3Bc.score~r~5e-1~8e-1~x%3Bc.car_value~r~1e1~1e2~x");
  const compared = page.url();
  const rows = compared.replace(/\/compare.*/, "/rows?where=both%3Bc.score~r~5e-1~8e-1~x");
  for (const shown of [compared, `${address}?column=salary_range&where=both%3Bc.salary_range~o~60K%2B%20%E2%82%AC`, rows]) {
    await page.goto(shown);
    for (const [colorScheme, width] of [["light", 1280], ["dark", 1920], ["light", 390], ["light", 320]] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect.soft(overflow, `${shown} at ${width}`).toBeLessThanOrEqual(0);
      const axe = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag22aa"]).analyze();
      const words = axe.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target).join(" | ")}`);
      expect.soft(words, `${shown} at ${width}, ${colorScheme}`).toEqual([]);
    }
  }
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("a range is typed, a bar is clicked, and the answer is there", async ({ page }) => {
    await compare(page, "score");
    await page.getByRole("textbox", { name: "From" }).fill("0.5");
    await page.getByRole("textbox", { name: "to", exact: true }).fill("0.8");
    await page.getByRole("button", { name: "Select these rows" }).click();
    await expect(conditions(page).first()).toContainText("score 0.5 to 0.8");
    await page.getByRole("rowheader", { name: /event_time/ }).getByRole("link").click();
    await page.getByRole("textbox", { name: "From" }).fill("2026-03-20 12:00");
    await page.getByRole("button", { name: "Select these rows" }).click();
    await expect(conditions(page)).toHaveCount(2);
    await expect(conditions(page).nth(1)).toContainText("event_time from 2026-03-20 12:00");
    await page.getByRole("rowheader", { name: /salary_range/ }).getByRole("link").click();
    await page.locator(".surface.bars a").first().click();
    await expect(conditions(page)).toHaveCount(3);
    await expect(page.locator(".answer")).toContainText("rows are selected");
  });
});

test.describe("by touch", () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 800 } });

  /** Moves one finger in small steps, as a hand does. */
  async function swipe(page: Page, from: [number, number], to: [number, number]): Promise<void> {
    const touch = await page.context().newCDPSession(page);
    const point = (share: number) => [{ x: from[0] + (to[0] - from[0]) * share, y: from[1] + (to[1] - from[1]) * share }];
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: point(0) });
    for (let step = 1; step <= 12; step++) {
      await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: point(step / 12) });
    }
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  }

  test("a tap shows values, a sideways drag selects, and the page still scrolls", async ({ page }) => {
    await compare(page, "score");
    await surface(page).scrollIntoViewIfNeeded();
    await expect(async () => {
      await surface(page).tap({ position: { x: 60, y: 60 } });
      await expect(page.locator(".plot-frame .tip")).toBeVisible({ timeout: 1_000 });
    }).toPass();
    expect(where(page)).toBeNull();
    const box = await surface(page).boundingBox();
    if (!box) throw new Error("the chart has no place");
    const scrolled = () => page.evaluate(() => window.scrollY);
    const before = await scrolled();
    await swipe(page, [box.x + box.width / 2, box.y + box.height - 20], [box.x + box.width / 2, box.y - 120]);
    await expect.poll(scrolled).toBeGreaterThan(before);
    expect(where(page)).toBeNull();

    await surface(page).scrollIntoViewIfNeeded();
    const at = await surface(page).boundingBox();
    if (!at) throw new Error("the chart has no place");
    const y = at.y + at.height / 2;
    await swipe(page, [at.x + at.width * 0.3, y], [at.x + at.width * 0.8, y]);
    await expect(conditions(page)).toHaveCount(1);
    expect(where(page)).toContain("c.score");
  });
});
