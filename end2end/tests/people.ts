// What people do on the pages of an investigation, and investigations that are made without clicking.
import type { APIRequestContext, Locator } from "@playwright/test";

import * as made from "./made";
import { expect } from "./server";

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
export function diagnosed(request: APIRequestContext, title: string): Promise<string> {
  return made.diagnosed(request, { title, model: "car-loan", author: "Ada" }, made.demo());
}
