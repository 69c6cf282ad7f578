// What people do on the pages of an investigation, and investigations that are made without clicking.
import { readFileSync } from "node:fs";
import type { APIRequestContext, Locator } from "@playwright/test";

import { expect, fixture } from "./server";

/** Signs a form, whether or not the browser knows the name already. */
export async function sign(form: Locator, name: string): Promise<void> {
  const known = form.locator(".signature:not([open]) > summary");
  if (await known.count()) await known.click();
  await form.getByLabel("Your name").fill(name);
}

/** Opens an investigation without files; its id. */
export async function opened(request: APIRequestContext, title: string, model = "", author = ""): Promise<string> {
  const made = await request.post("/api/v1/investigations", { data: { title, model, author } });
  expect(made.ok(), await made.text()).toBe(true);
  return (await made.json()).id;
}

/** Opens an investigation of the demonstration's files and waits for its diagnosis; the address of its map. */
export async function diagnosed(request: APIRequestContext, title: string): Promise<string> {
  const inputs: [string, string][] = [];
  for (const role of ["train", "serve", "predictions"]) {
    const data = readFileSync(fixture("server", "service", "demo", `${role}.parquet`));
    const stored = await request.post(`/api/v1/snapshots?name=${role}.parquet`, { data });
    inputs.push([role, (await stored.json())[0].id]);
  }
  const data = { title, model: "car-loan", inputs, author: "Ada" };
  const { id } = await (await request.post("/api/v1/investigations", { data })).json();
  const state = async () => (await (await request.get(`/api/v1/investigations/${id}/job`)).json()).state;
  await expect.poll(state, { timeout: 60_000 }).toBe("done");
  return `/investigations/${id}`;
}
