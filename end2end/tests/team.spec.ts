// Three people with accounts in three browsers, and a fourth who has only a link.
import { browserOf, invited, made, PASSWORD } from "./accounts";
import { start } from "./investigate";
import { hold } from "./screen";
import { expect, fixture, test } from "./server";

test.use({ verb: "team", apart: "team" });

const demo = ["train", "serve", "predictions"].map((name) => fixture("server", "service", "demo", `${name}.parquet`));

test("a team of three finds the cause, and a fourth sees it by the link alone", async ({ browser, baseURL, server }) => {
  const complaints: string[] = [];
  const [adas, ada] = await browserOf(browser, baseURL, complaints);
  const [graces, grace] = await browserOf(browser, baseURL, complaints);
  const [alans, alan] = await browserOf(browser, baseURL, complaints);
  const [strangers, stranger] = await browserOf(browser, baseURL, complaints);

  // The first account, by the code and by nothing else.
  await ada.goto("/");
  await expect(ada).toHaveURL(/\/sign-in$/);
  await ada.getByRole("link", { name: "Go on" }).click();
  await hold({ page: ada, browser, baseURL }, [{ name: "set_up", address: "/set-up", shows: "#code" }]);
  await ada.goto("/set-up");
  await ada.getByLabel("Code").fill(await server.code());
  await made(ada, "Ada Lovelace", "Make the first account");
  await expect(ada.getByRole("heading", { name: "People" })).toBeVisible();
  await expect(ada.getByRole("region", { name: "Accounts" })).toContainText("ada@example.org");

  // The others, each by a link that works once.
  const forGrace = await invited(ada, "editor");
  await hold({ page: grace, browser, baseURL }, [{ name: "join", address: forGrace, shows: "#password" }]);
  await grace.goto(forGrace);
  await expect(grace.locator("main")).toContainText("Ada Lovelace invited you. Your role: editor");
  await made(grace, "Grace Hopper", "Make the account");
  await expect(grace.getByRole("heading", { level: 1 })).toBeVisible();
  await alan.goto(await invited(ada, "viewer"));
  await made(alan, "Alan Turing", "Make the account");
  await stranger.goto(forGrace);
  await expect(stranger.locator("main")).toContainText("This invitation does not work");

  // Grace drops the files; Alan, who may only look, sees the map and nothing to change.
  await start(grace, "Approvals fell", demo);
  await expect(grace.locator(".station")).toHaveCount(7, { timeout: 60_000 });
  const map = new URL(grace.url()).pathname;
  await alan.goto(map);
  await expect(alan.locator(".station")).toHaveCount(7);
  await expect(alan.locator("form.decide")).toHaveCount(0);
  await expect(alan.getByRole("link", { name: "Start an investigation" })).toHaveCount(0);
  await expect(alan.getByRole("button", { name: "Add note" })).toHaveCount(0);
  expect((await alan.request.post(`${map}/notes`, { form: { text: "Let me" } })).status()).toBe(403);

  // What one does appears at the other's, in place: the page is not loaded again.
  await expect(alan.locator(".live")).toContainText("Also here: Grace Hopper");
  await alan.evaluate(() => Object.assign(window, { kept: true }));
  await grace.getByLabel("Note", { exact: true }).fill("Since the deploy on Tuesday.");
  await grace.getByRole("button", { name: "Add note" }).click();
  await expect(alan.locator(".notes")).toContainText("Since the deploy on Tuesday.");
  await expect(alan.locator(".timeline")).toContainText("Grace Hopper");
  expect(await alan.evaluate(() => "kept" in window)).toBe(true);

  // What she decides carries her name, and nothing asks for one.
  await expect(grace.getByLabel("Your name")).toHaveCount(0);
  await expect(grace.locator("form.decide").first()).toContainText("as Grace Hopper");
  await grace.getByRole("button", { name: "Confirm" }).first().click();
  await expect(grace.locator("main")).toContainText("confirmed by Grace Hopper");
  // What has forms and lists that nobody opened is put in place too.
  await expect(alan.locator("main")).toContainText("confirmed by Grace Hopper");
  expect(await alan.evaluate(() => "kept" in window)).toBe(true);

  // She closes it and shares it. Whoever has the link sees that, and nothing else.
  await grace.getByRole("button", { name: "Make a link" }).click();
  const link = await grace.getByLabel("Address of the new link").inputValue();
  await stranger.goto(link);
  await expect(stranger.locator(".station")).toHaveCount(7);
  await expect(stranger.getByRole("link", { name: "Sign in" })).toHaveCount(0);
  for (const closed of ["/", map, `${map}/inputs`, "/people", "/audit", "/account", "/search?q=a"]) {
    await stranger.goto(closed);
    await expect(stranger).toHaveURL(/\/sign-in/);
  }
  // From the sign-in back to where she wanted to go; a wrong password says so and keeps the way.
  const [again, back] = await browserOf(browser, baseURL, complaints);
  await back.goto(`${map}/layers/data`);
  await back.getByLabel("Sign-in name").fill("grace@example.org");
  await back.getByLabel("Password").fill("not the password");
  await back.getByRole("button", { name: "Sign in" }).click();
  await expect(back.getByRole("status")).toContainText("is not right");
  await back.getByLabel("Sign-in name").fill("grace@example.org");
  await back.getByLabel("Password").fill(PASSWORD);
  await back.keyboard.press("Enter");
  await expect(back).toHaveURL(`${map}/layers/data`);

  // Her own page: the other browser is listed and ended, a token is made and works until it is revoked.
  await grace.goto("/account");
  await expect(grace.getByRole("region", { name: "Where you are signed in" }).getByRole("listitem")).toHaveCount(2);
  await grace.getByRole("button", { name: /^End the session/ }).click();
  await back.reload();
  await expect(back).toHaveURL(/\/sign-in/);
  await grace.getByLabel("What it is for").fill("nightly gate");
  await grace.getByRole("button", { name: "Make a token" }).click();
  const token = await grace.getByLabel("The new token").inputValue();
  const headers = { authorization: `Bearer ${token}` };
  expect((await strangers.request.get("/api/v1/investigations", { headers })).status()).toBe(200);
  await hold({ page: grace, browser, baseURL }, [{ name: "account", address: "/account", shows: "#tokens", scripted: true }]);
  await grace.goto("/account");
  await grace.getByRole("button", { name: "Revoke the token nightly gate" }).click();
  expect((await strangers.request.get("/api/v1/investigations", { headers })).status()).toBe(401);

  // The search offers each what they may open.
  for (const [page, offered, hidden] of [[ada, "Audit log", ""], [alan, "Your account", "Start an investigation"]] as const) {
    await page.goto("/");
    const dialog = page.getByRole("dialog", { name: "Find anything" });
    // Keys are heard once the script runs.
    await expect(async () => {
      await page.keyboard.press("Control+k");
      await expect(dialog).toBeVisible({ timeout: 500 });
    }).toPass();
    await expect(dialog.getByRole("option", { name: offered })).toBeVisible();
    if (hidden) await expect(dialog.getByRole("option", { name: hidden })).toHaveCount(0);
    await page.keyboard.press("Escape");
  }

  // What was done with accounts, in order, and whole.
  await hold({ page: ada, browser, baseURL }, [
    { name: "people", address: "/people", shows: "#accounts", scripted: true },
    { name: "audit", address: "/audit", shows: "table", scripted: true },
  ]);
  await ada.goto("/audit");
  await expect(ada.locator("main")).toContainText("none was changed or taken out");
  await expect(ada.locator("tbody")).toContainText("made the token “nightly gate” (read)");
  await alan.goto("/audit");
  await expect(alan.locator("main")).toContainText("needs the role admin");

  // A disabled account is out at once.
  await ada.goto("/people");
  await ada.getByRole("button", { name: "Disable the account of Alan Turing" }).click();
  await expect(ada.getByRole("button", { name: "Enable the account of Alan Turing" })).toBeVisible();
  await alan.goto("/");
  await expect(alan).toHaveURL(/\/sign-in/);
  await grace.goto("/account");
  await grace.getByRole("button", { name: "Sign out" }).click();
  await expect(grace.getByRole("status")).toContainText("You are signed out.");
  expect(complaints).toEqual([]);
  await Promise.all([adas, graces, alans, strangers, again].map((context) => context.close()));
});
