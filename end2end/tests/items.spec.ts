// All 23 items on real files: clear on clean ones, a finding on the faulty one, and what is missing when there is none.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { APIRequestContext, Locator, Page } from "@playwright/test";

import { start } from "./investigate";
import { expect, fixture, test } from "./server";

const screenshots = join(import.meta.dirname, "..", "screenshots", "items");
mkdirSync(screenshots, { recursive: true });

const clean = [
  "train.parquet",
  "validation.parquet",
  "test.parquet",
  "serve.parquet",
  "offline.parquet",
  "run.parquet",
  "curve.csv",
  "log.jsonl.gz",
  "training_freeze.txt",
  "serving_freeze.txt",
  "observations.json",
];

/** Per item the file that fails it; it is dropped under the name of the clean one. */
const faults: Record<string, string> = {
  D1: "serve.parquet",
  D2: "serve.parquet",
  D3: "serve.parquet",
  D4: "train.parquet",
  F1: "offline.parquet",
  F2: "serve.parquet",
  F3: "serve.parquet",
  T1: "train.parquet",
  T2: "train.parquet",
  T3: "test.parquet",
  T4: "curve.csv",
  E1: "run.parquet",
  E2: "run.parquet",
  E3: "observations.json",
  S1: "serve.parquet",
  S2: "log.jsonl.gz",
  S3: "serving_freeze.txt",
  P1: "observations.json",
  P2: "observations.json",
  P3: "log.jsonl.gz",
  M1: "serve.parquet",
  M2: "log.jsonl.gz",
  M3: "observations.json",
};
const layers: Record<string, string> = {
  D: "data",
  F: "features",
  T: "training",
  E: "evaluation",
  S: "serving",
  P: "deployment",
  M: "monitoring",
};

function payload(name: string, from: string) {
  return { name, mimeType: "application/octet-stream", buffer: readFileSync(fixture("server", "engine", "fixtures", "items", from)) };
}

function failing(code: string): string {
  const [stem, ...endings] = faults[code].split(".");
  return [`${stem}_${code.toLowerCase()}`, ...endings].join(".");
}

/** Opens an investigation of the files, as a person does. */
async function investigate(page: Page, title: string, files: ReturnType<typeof payload>[]): Promise<void> {
  await start(page, title, files);
  await expect(page.locator(".station")).toHaveCount(7, { timeout: 60_000 });
}

/** Has an investigation of the files diagnosed by the API, which takes a fraction of the time; returns the address of its map. */
async function diagnosed(request: APIRequestContext, title: string, files: ReturnType<typeof payload>[]): Promise<string> {
  const inputs: string[][] = [];
  for (const { name, buffer } of files) {
    const headers = { "content-type": "application/octet-stream" };
    const stored = await request.post("/api/v1/snapshots", { params: { name }, headers, data: buffer });
    const [{ id, guessed_role }] = await stored.json();
    inputs.push([guessed_role, id]);
  }
  const made = await request.post("/api/v1/investigations", { data: { title, model: "car-loan", inputs } });
  const { id } = await made.json();
  const job = await (await request.get(`/api/v1/investigations/${id}/job`)).json();
  // The stream of a job's events ends with the job.
  const events = await (await request.get(`/api/v1/jobs/${job.id}/events`, { timeout: 60_000 })).text();
  expect(events).toContain('"state":"done"');
  return `/investigations/${id}`;
}

function mark(page: Page, code: string): Locator {
  return page.locator(`.item-mark:has(.code:text-is("${code}"))`);
}

test("clean files clear all 23 items", async ({ page }) => {
  await investigate(page, "Everything as it should be", clean.map((name) => payload(name, name)));
  await page.screenshot({ path: join(screenshots, "clean.png"), fullPage: true });
  const words = await page.locator(".item-mark .hidden").allInnerTexts();
  expect(words.length).toBe(23);
  expect(words.filter((one) => !/ (clear|partly checked, \d+ of \d+ checks)( \(needs|$|;)/.test(one))).toEqual([]);
});

test("without its input an item says what is missing", async ({ page }) => {
  for (const [file, codes] of [
    ["curve.csv", Object.keys(faults).filter((code) => code !== "T4")],
    ["training_freeze.txt", ["T4"]],
  ] as const) {
    await investigate(page, `Only ${file}`, [payload(file, file)]);
    for (const code of codes) await expect(mark(page, code)).toContainText(/no evidence \(needs .+\)/);
  }
  await page.screenshot({ path: join(screenshots, "missing.png"), fullPage: true });
});

test.describe("a fault", () => {
  // What these look at is there before any script runs, and loading the scripts is most of a test's time.
  test.use({ javaScriptEnabled: false });

  for (const code of Object.keys(faults)) {
    test(`${code} finds the fault in its file`, async ({ page, request }) => {
      const files = clean.map((name) => payload(name, name === faults[code] ? failing(code) : name));
      const map = await diagnosed(request, `A fault for ${code}`, files);
      await page.goto(map);
      await expect(mark(page, code)).toContainText(/ (mismatch|possible|weakness)/);
      await page.goto(`${map}/layers/${layers[code[0]]}`);
      const item = page.locator(`section#${code}`);
      await expect(item.locator(".finding-detail").first()).toBeVisible();
      await item.screenshot({ path: join(screenshots, `${code}.png`) });
    });
  }
});
