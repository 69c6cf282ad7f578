// Many findings: what nothing explains comes first, the filter is in the address, and several are muted at once. And what
// happened along time is seen on a chart.
import AxeBuilder from "@axe-core/playwright";
import type { APIRequestContext, Page } from "@playwright/test";

import { expect, test } from "./server";

test.use({ verb: "serve" });

const DRIFTING = 30;
const COLUMNS = 40;

/** Numbers that look random and are the same in every run. */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

function wide(seed: number, moved: number): string {
  const next = draws(seed);
  const bell = () => next() + next() + next() + next() - 2;
  const names = Array.from({ length: COLUMNS }, (_, column) => `f${String(column).padStart(2, "0")}`);
  const row = () => names.map((_, column) => (10 + bell() + (column < DRIFTING ? moved * (column % 2 ? 1 : -1) : 0)).toFixed(4)).join(",");
  return [names.join(","), ...Array.from({ length: 400 }, row)].join("\n");
}

/** Thirty days of rows; from the twentieth day on, the income arrives in thousands and the model is wrong more often. */
function timed(seed: number, month: string, fault: number): string {
  const next = draws(seed);
  const rows = ["id,at,income,visits,score,prediction,bought"];
  for (let day = 0; day < 30; day++) {
    for (let row = 0; row < 60; row++) {
      const income = Math.exp(10.5 + next() + next() - 1);
      const bought = Math.log(income) + (next() - 0.5) * 0.4 > 10.5 ? 1 : 0;
      const seen = day >= fault ? income / 1000 : income;
      const score = 1 / (1 + Math.exp(-8 * (Math.log(seen) - 10.5)));
      const at = `${month}-${String(day + 1).padStart(2, "0")} ${String(Math.floor(row / 2.5)).padStart(2, "0")}:00:00`;
      rows.push(`${month}${day}x${row},${at},${seen.toFixed(3)},${Math.floor(next() * 9)},${score.toFixed(4)},${score > 0.5 ? 1 : 0},${bought}`);
    }
  }
  return rows.join("\n");
}

/** Has an investigation diagnosed by the API; returns the address of its map. */
async function diagnosed(request: APIRequestContext, title: string, train: string, serve: string, roles = {}): Promise<string> {
  const inputs: string[][] = [];
  for (const [role, text] of [["train", train], ["serve", serve]]) {
    const headers = { "content-type": "application/octet-stream" };
    const stored = await request.post("/api/v1/snapshots", { params: { name: `${role}.csv` }, headers, data: Buffer.from(text) });
    inputs.push([role, (await stored.json())[0].id]);
  }
  const made = await request.post("/api/v1/investigations", { data: { title, model: "m", inputs, roles } });
  const { id } = await made.json();
  const job = await (await request.get(`/api/v1/investigations/${id}/job`)).json();
  const events = await (await request.get(`/api/v1/jobs/${job.id}/events`, { timeout: 60_000 })).text();
  expect(events).toContain('"state":"done"');
  return `/investigations/${id}`;
}

async function clean(page: Page): Promise<void> {
  const axe = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa"]).analyze();
  expect(axe.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target).join(" ")}`)).toEqual([]);
}

async function fits(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
}

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("many findings are a table, filtered by a form that the address keeps, and muted together", async ({ page, request }) => {
    const map = await diagnosed(request, "Many columns moved", wide(1, 0), wide(2, 3));
    await page.goto(`${map}?view=table`);
    await page.getByLabel("Column contains").fill("f0");
    await page.getByLabel("Verdict", { exact: true }).selectOption("mismatch");
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    await expect(page).toHaveURL(/verdict=mismatch.*column=f0/);
    const rows = page.locator(".findings tbody tr:not(.group)");
    const found = await rows.count();
    expect(found).toBeGreaterThanOrEqual(10);
    for (const words of await rows.allInnerTexts()) expect(words).toMatch(/f0\d/);
    await rows.nth(0).getByRole("checkbox").check();
    await rows.nth(1).getByRole("checkbox").check();
    const form = page.locator("#bulk-mute");
    await form.getByLabel("Why").fill("known since the migration");
    await form.getByLabel("Until", { exact: true }).selectOption("30");
    await form.getByLabel("Your name").fill("Ada");
    await form.getByRole("button", { name: "Mute the selection" }).click();
    await expect(page).toHaveURL(/verdict=mismatch.*column=f0/);
    await expect(page.locator(".findings .pill", { hasText: "muted" })).toHaveCount(2);
    await expect(rows).toHaveCount(found);
    await expect(page.locator(".timeline")).toContainText("Ada muted 2 findings");
    await page.getByRole("link", { name: "Clear the filter" }).click();
    await expect(page).not.toHaveURL(/column=/);
  });

  test("a suspect is muted with what it explains, and nothing is left to triage", async ({ page, request }) => {
    const map = await diagnosed(request, "All known", wide(3, 0), wide(4, 3));
    await page.goto(map);
    const suspect = page.locator(".suspect");
    await suspect.getByText("Mute this suspect").click();
    await suspect.getByLabel("Your name").last().fill("Ada");
    await suspect.getByRole("button", { name: "Mute the suspect" }).click();
    await expect(page.getByText(/1 muted suspect/)).toBeVisible();
  });

  test("a layer with many findings stays short, and a link opens each of them in full", async ({ page, request }) => {
    const map = await diagnosed(request, "A long layer", wide(5, 0), wide(6, 3));
    await page.goto(`${map}/layers/data`);
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThan(8000);
    const last = page.locator("section#D1 .findings tbody tr:not(.group)").last();
    const words = await last.locator("td.wrap a").first().innerText();
    await last.locator("td.wrap a").first().click();
    await expect(page).toHaveURL(/finding=/);
    await expect(page.locator("section#D1 .finding-detail h3")).toHaveText(words);
  });
});

test("what began during serving has its date in the headline and on a chart", async ({ page, request }) => {
  const roles = { label: "bought", id: "id", time: "at", prediction: "prediction", score: "score" };
  const map = await diagnosed(request, "Since the twentieth", timed(7, "2026-01", 99), timed(8, "2026-03", 19), roles);
  await page.goto(map);
  await expect(page.locator("#suspect")).toContainText("income");
  await expect(page.locator(".scope")).toContainText("since 20 Mar 2026");
  await expect(page.locator(".scope")).toContainText(/Accuracy is .* on these rows, and .* on the other served rows/);
  await page.goto(`${map}/layers/monitoring`);
  const chart = page.locator(".time-chart").filter({ hasText: /^\s*Accuracy on the served rows over time: different since 20 Mar 2026/ }).first();
  await expect(chart.locator("svg .mark-label").filter({ hasText: "serving starts" })).toBeVisible();
  await expect(chart.locator("svg .mark-label").filter({ hasText: "onset" })).toBeVisible();
  await chart.locator(".reading .hit").nth(3).hover();
  await expect(chart.locator(".reading p").nth(3)).toBeVisible();
  await expect(chart.locator(".reading p").nth(3)).toContainText(/served|before serving/);
  await chart.getByText("Show the numbers").click();
  await expect(chart.locator("table tr").nth(1)).toContainText("%");
  for (const kind of ["SVG", "PNG", "CSV"]) {
    const file = await request.get((await chart.getByRole("link", { name: kind }).getAttribute("href")) ?? "");
    expect(file.status()).toBe(200);
  }
  await clean(page);
});

for (const width of [320, 390, 1280, 1920]) {
  test(`at ${width} px nothing scrolls sideways`, async ({ page, request }) => {
    const map = await diagnosed(request, `At ${width}`, wide(9, 0), wide(10, 3));
    await page.setViewportSize({ width, height: 900 });
    for (const path of [`${map}?view=table&of=1`, map, `${map}/layers/data`]) {
      await page.goto(path);
      await expect(page.locator("h1")).toBeVisible();
      await fits(page);
    }
    await page.goto(`${map}?view=table&of=1`);
    await clean(page);
  });
}
