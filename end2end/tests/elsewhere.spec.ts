// Signing in with a provider of OpenID Connect, by its own pages; and through a proxy.
import { spawn } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import type { Page } from "@playwright/test";

import { browserOf } from "./accounts";
import { expect, fixture, Server, test } from "./server";

const SECRET = "a secret: of the tests & no other";

/** A port that was free a moment ago: the provider is told where people come back to before the server starts. */
async function freePort(): Promise<number> {
  return new Promise((found) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => found(port));
    });
  });
}

/** Signs in on the provider's own pages. */
async function atProvider(page: Page, login: string): Promise<void> {
  await page.getByPlaceholder("Enter any login").fill(login);
  await page.getByPlaceholder("and password").fill("anything");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

test("people sign in with the account of their company, and their groups decide what they may do", async ({ browser }) => {
  const port = await freePort();
  const here = `http://127.0.0.1:${port}`;
  const provider = spawn("node", [fixture("end2end", "openid_provider.mjs")], {
    env: { ...process.env, REDIRECT: `${here}/sign-in/back` },
    stdio: ["pipe", "pipe", "ignore"],
  });
  process.env.MISMATCH_TEST_CLIENT_SECRET = SECRET;
  let server: Server | undefined;
  try {
    const issuer = await new Promise<string>((line) => createInterface({ input: provider.stdout }).once("line", line));
    server = await Server.start("team", [
      "--address", `127.0.0.1:${port}`, "--openid-issuer", issuer, "--openid-client-id", "mismatch", "--openid-name", "Example Ltd",
      "--openid-client-secret", "env:MISMATCH_TEST_CLIENT_SECRET", "--openid-scope", "email", "--openid-scope", "profile",
      "--openid-scope", "groups", "--openid-role-claim", "groups", "--openid-role", "ml-admins=admin",
    ]);
    const complaints: string[] = [];
    const [adas, ada] = await browserOf(browser, here, complaints);
    await server.code();
    await ada.goto("/set-up");
    await ada.getByLabel("Code").fill(await server.code());
    await ada.getByLabel("Your name").fill("Root");
    await ada.getByLabel("Sign-in name").fill("root@example.org");
    await ada.getByLabel("Password").fill("tundra copper violin seven");
    await ada.getByRole("button", { name: "Make the first account" }).click();
    await expect(ada.getByRole("heading", { name: "People" })).toBeVisible();
    await ada.context().clearCookies();

    // There and back, to the page that was asked for.
    await ada.goto("/people");
    await expect(ada).toHaveURL(/\/sign-in\?next=%2Fpeople$/);
    await ada.getByRole("link", { name: "Sign in with Example Ltd" }).click();
    await atProvider(ada, "ada");
    await expect(ada).toHaveURL(`${here}/people`);
    await expect(ada.getByRole("region", { name: "Accounts" })).toContainText("ada@example.org");
    await expect(ada.getByRole("link", { name: "Your account: Ada Lovelace, admin" })).toBeVisible();
    const cookies = await adas.cookies();
    expect(cookies.filter(({ name }) => name.startsWith("sign_in"))).toEqual([]);

    // Signing out ends the session here, and the provider asks whether to sign out there too. Who stays signed in there gets in
    // without a password, and is the same account.
    await ada.goto("/account");
    await ada.getByRole("button", { name: "Sign out" }).click();
    await expect(ada).toHaveURL(new RegExp(`^${issuer}/`));
    expect((await adas.cookies(here)).map(({ name }) => name)).not.toContain("session");
    await ada.getByRole("button", { name: "No, stay signed in" }).click();
    await expect(ada).toHaveURL(`${here}/sign-in?why=out`);
    await expect(ada.getByRole("status")).toHaveText("You are signed out.");
    await ada.goto("/sign-in/with");
    // The provider forgot only that this program may know them.
    await ada.getByRole("button", { name: "Continue" }).click();
    await expect(ada).toHaveURL(`${here}/`);
    await ada.goto("/people");
    await expect(ada.getByRole("region", { name: "Accounts" }).getByText("ada@example.org")).toHaveCount(1);

    // Who has no role gets none, an answer that nobody asked for is refused, and so is one that was altered.
    const [graces, grace] = await browserOf(browser, here, complaints);
    await grace.goto("/sign-in/with");
    await atProvider(grace, "grace");
    await expect(grace.locator("main")).toContainText(/role|account/);
    await grace.goto("/");
    await expect(grace).toHaveURL(/\/sign-in$/);
    await grace.goto("/sign-in/back?code=abc&state=def");
    await expect(grace.getByRole("heading", { level: 1 })).toBeVisible();
    await grace.goto("/");
    await expect(grace).toHaveURL(/\/sign-in$/);
    for (const elsewhere of ["//evil.example", "https://evil.example"]) {
      await ada.goto(`/sign-in/with?next=${encodeURIComponent(elsewhere)}`);
      await expect(ada).toHaveURL(`${here}/`);
    }
    await ada.goto("/audit");
    await expect(ada.locator("tbody")).toContainText("was refused at sign-in as Example Ltd");

    // Who signs out there too has to show who they are again.
    await ada.goto("/account");
    await ada.getByRole("button", { name: "Sign out" }).click();
    await ada.getByRole("button", { name: "Yes, sign me out" }).click();
    await expect(ada).toHaveURL(`${here}/sign-in?why=out`);
    await ada.goto("/sign-in/with");
    await expect(ada.getByPlaceholder("Enter any login")).toBeVisible();
    // The provider's own pages ask for a font that is not there.
    expect(complaints.filter((one) => one.startsWith(here))).toEqual([]);
    await Promise.all([adas, graces].map((context) => context.close()));
  } finally {
    provider.kill();
    await server?.stop();
  }
});

test("a proxy is believed when it says who asks, from its own address and nowhere else", async ({ playwright }) => {
  const ask = async (server: Server, user: string): Promise<number> => {
    const request = await playwright.request.newContext({ baseURL: server.url, extraHTTPHeaders: { "x-forwarded-user": user } });
    const answer = await request.get("/api/v1/investigations");
    await request.dispose();
    return answer.status();
  };
  const options = (address: string) => ["--proxy-user-header", "X-Forwarded-User", "--proxy-address", address, "--first-role", "editor"];
  const trusted = await Server.start("team", options("127.0.0.1"));
  const stranger = await Server.start("team", options("10.11.12.13"));
  try {
    // Nobody gets in before there is somebody who administers.
    expect(await ask(trusted, "ben@example.org")).toBe(403);
    for (const server of [trusted, stranger]) {
      const form = { code: await server.code(), name: "Root", login: "root", password: "tundra copper violin seven" };
      const request = await playwright.request.newContext({ baseURL: server.url });
      expect((await request.post("/set-up", { form })).status()).toBeLessThan(400);
      await request.dispose();
    }
    expect(await ask(trusted, "ben@example.org")).toBe(200);
    expect(await ask(trusted, "")).toBe(401);
    expect(await ask(stranger, "ben@example.org")).toBe(401);
  } finally {
    await Promise.all([trusted, stranger].map((server) => server.stop()));
  }
});
