// The end of the checks on an open page: it is loaded again, except while somebody is doing something on it.
import { readFileSync } from "node:fs";
import type { APIRequestContext, Page } from "@playwright/test";

import { expect, fixture, test } from "./server";

test.use({ apart: "progress" });

/** Opens the page of an investigation whose checks run. What the server says about them is held back until `tell` is called. */
async function running(page: Page, request: APIRequestContext): Promise<() => Promise<void>> {
  const inputs: [string, string][] = [];
  for (const role of ["train", "serve"]) {
    const data = readFileSync(fixture("server", "service", "demo", `${role}.parquet`));
    const stored = await request.post(`/api/v1/snapshots?name=${role}.parquet`, { data });
    inputs.push([role, (await stored.json())[0].id]);
  }
  // Others come first in the queue, so that the page finds its own still there.
  const ids: string[] = [];
  for (let at = 0; at < 12; at++) {
    const made = await request.post("/api/v1/investigations", { data: { title: `Queued ${at}`, inputs } });
    ids.push((await made.json()).id);
  }
  let tell = () => {};
  const told = new Promise<void>((wake) => (tell = wake));
  await page.route("**/api/v1/jobs/*/events", async (route) => {
    await told;
    await route.continue();
  });
  const last = ids.at(-1);
  await page.goto(`/investigations/${last}`);
  await expect(page.getByRole("heading", { name: "The checks are running" })).toBeVisible();
  return async () => {
    const state = async () => (await (await request.get(`/api/v1/investigations/${last}/job`)).json()).state;
    await expect.poll(state, { timeout: 60_000 }).toBe("done");
    tell();
  };
}

test("a page that nobody uses shows the result by itself", async ({ page, request }) => {
  const tell = await running(page, request);
  await tell();
  await expect(page.locator(".station")).toHaveCount(7);
});

test("a text that is being written stays, and a link shows the result", async ({ page, request }) => {
  const tell = await running(page, request);
  const note = page.getByRole("textbox", { name: "Note" });
  await note.fill("I looked at");
  await tell();
  const show = page.getByRole("link", { name: "Show the result" });
  await expect(show).toBeVisible();
  await expect(page.getByText("The checks are done.")).toBeVisible();
  await expect(note).toHaveValue("I looked at");
  await expect(page.locator(".station")).toHaveCount(0);
  await show.click();
  await expect(page.locator(".station")).toHaveCount(7);
});

test("an open dialog stays open", async ({ page, request }) => {
  const tell = await running(page, request);
  const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  // Until the script runs, the button does nothing.
  await expect(async () => {
    await page.getByRole("button", { name: "Keyboard shortcuts" }).click({ timeout: 1_000 });
    await expect(dialog).toBeVisible({ timeout: 500 });
  }).toPass();
  await tell();
  await expect(page.getByRole("link", { name: "Show the result", includeHidden: true })).toHaveCount(1);
  await expect(page.locator(".job p[hidden]")).toHaveCount(0);
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Show the result" }).click();
  await expect(page.locator(".station")).toHaveCount(7);
});
