// People with accounts, each in a browser of their own.
import type { Browser, BrowserContext, Page } from "@playwright/test";

import { expect } from "./server";

export const PASSWORD = "tundra copper violin seven";

/** Fills in who somebody is, and sends it. */
export async function made(page: Page, name: string, button: string): Promise<void> {
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Sign-in name").fill(`${name.split(" ")[0].toLowerCase()}@example.org`);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: button }).click();
}

/** Invites somebody in the browser of an admin; the link. */
export async function invited(admin: Page, role: string): Promise<string> {
  await admin.goto("/people");
  await admin.getByLabel("Role of the new account").selectOption(role);
  await admin.getByRole("button", { name: "Invite" }).click();
  const link = await admin.getByLabel("The link of the new invitation").inputValue();
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/join\/[0-9a-f]{64}$/);
  return link;
}

/** A browser of its own, with no word in its console that nobody expects. */
export async function browserOf(browser: Browser, baseURL: string | undefined, complaints: string[]): Promise<[BrowserContext, Page]> {
  const context = await browser.newContext({ baseURL, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.on("console", (message) => {
    const refused = message.text().includes("the server responded with a status of 4");
    if (["error", "warning"].includes(message.type()) && !refused) complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  return [context, page];
}
