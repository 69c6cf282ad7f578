// A model that a script sends rows for, day by day, with a fault on the sixth: found, opened by one click, and in the week's table.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { APIRequestContext } from "@playwright/test";

import { hold } from "./screen";
import { expect, test } from "./server";
import { csv, dice } from "./tables";

test.use({ apart: "arrivals" });
test.setTimeout(300_000);

/** Monday of a week that is over; the sixth day is its Saturday. */
const DAYS = ["2026-05-04", "2026-05-05", "2026-05-06", "2026-05-07", "2026-05-08", "2026-05-09", "2026-05-10", "2026-05-11"];

/** Applicants, whose income arrives in another unit where it is broken; labels only for training. */
function applicants(seed: number, rows: number, unit: number, labelled: boolean): string {
  const roll = dice(seed);
  const lines = Array.from({ length: rows }, (_, row) => {
    const income = 20_000 + 60_000 * roll();
    const label = income > 50_000 ? 1 : 0;
    const seen = [`${seed}-${row}`, (income * unit).toFixed(2), ["north", "south", "west"][row % 3] ?? "", label];
    return labelled ? [...seen, roll() < 0.9 ? label : 1 - label] : seen;
  });
  return csv(["id", "income", "region", "prediction", ...(labelled ? ["repaid"] : [])], lines);
}

/** Sends a file as a pipeline does; what the program says. */
function push(server: string, file: string, ...more: string[]): string {
  const done = spawnSync(process.env.MISMATCH_BINARY ?? "", ["push", "applicants", file, "--server", server, ...more], { encoding: "utf8" });
  expect(done.status, done.stderr).toBe(0);
  return done.stdout;
}

async function judged(request: APIRequestContext, windows: number): Promise<void> {
  await expect(async () => {
    const all: { state: string }[] = await (await request.get("/api/v1/models/applicants/arrivals?role=serve")).json();
    expect(all.map(({ state }) => state)).toEqual(Array(windows).fill("judged"));
  }).toPass({ timeout: 120_000 });
}

test("eight days arrive, and the fault of the sixth is one click away", async ({ page, browser, baseURL, request, server }) => {
  const folder = mkdtempSync(join(tmpdir(), "mismatch-days-"));
  const written = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  try {
    expect(push(server.url, written("train.csv", applicants(1, 1500, 1, true)), "--role", "train", "--version", "14")).toContain("the reference now");
    for (const [place, day] of DAYS.entries()) {
      const file = written(`${day}.csv`, applicants(place + 2, 600, place === 5 ? 0.01 : 1, false));
      expect(push(server.url, file, "--at", day, "--version", "14")).toContain("arrived as serve");
      // A script that runs twice sends nothing twice.
      expect(push(server.url, file, "--at", day, "--version", "14")).toContain("was there already");
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  await judged(request, DAYS.length);

  await page.goto("/models");
  await page.getByRole("link", { name: "applicants" }).click();
  await expect(page.getByRole("heading", { name: "applicants" })).toBeVisible();
  const features = page.getByRole("row", { name: /^Features/ });
  await expect(features.locator(".verdict.mismatch")).toHaveCount(1);
  await expect(features.locator("td").nth(5).locator(".verdict.mismatch")).toBeVisible();
  await page.getByRole("link", { name: /^Rows of 9 May 2026/ }).click();
  const sixth = page.locator(".arrivals > li", { hasText: "2026-05-09.csv" });
  await expect(sixth).toContainText("income");
  await expect(sixth).toContainText("Against the window before");
  await sixth.getByRole("button", { name: /^Open an investigation/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("applicants: rows of 9 May 2026");
  await expect(page.locator(".station").first()).toBeVisible();
  await expect(page.locator("main")).toContainText("income");
  await expect(page.getByLabel("Inputs").getByText("train.csv")).toBeVisible();
  const map = new URL(page.url()).pathname;
  await page.getByRole("link", { name: "applicants", exact: true }).click();
  await expect(sixth.getByRole("link", { name: "Go to its investigation" })).toHaveAttribute("href", map);

  // Labels that come later are named as what nobody watches; an owner closes another gap.
  await expect(page.locator(".gaps")).toContainText("No labels have arrived");
  await page.getByLabel("Owner").fill("Ada");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.locator(".lead")).toContainText("cared for by Ada");
  await expect(page.locator(".gaps")).not.toContainText("Nobody is named");

  await page.goto("/weekly?week=2026-W19");
  const week = page.getByRole("row", { name: /applicants/ });
  // One day, which the next one contradicts: named, and not counted as worse.
  await expect(week).toContainText("passed");
  await expect(week).toContainText("income");
  await page.getByRole("link", { name: "Week after" }).click();
  await expect(page.getByRole("row", { name: /applicants/ })).toContainText("steady");

  await hold({ page, browser, baseURL }, [
    { name: "models", address: "/models", shows: "main table" },
    { name: "model", address: "/models/applicants", shows: ".arrivals > li" },
    { name: "model-trend", address: "/models/applicants?item=D1&column=income", shows: ".time-chart svg" },
    { name: "weekly", address: "/weekly?week=2026-W19", shows: "main table" },
    { name: "weekly-empty", address: "/weekly?week=2020-W01", shows: "main p" },
    { name: "model-absent", address: "/models/absent", shows: ".empty-page", status: 404 },
  ]);
});
