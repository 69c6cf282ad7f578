// A review by three people in three browsers, from the dropped files to the shared report; a fourth has only the link.
import { browserOf, invited, made } from "./accounts";
import { start } from "./investigate";
import { hold } from "./screen";
import { expect, fixture, test } from "./server";

test.use({ verb: "team", apart: "incident" });

const demo = ["train", "serve", "predictions"].map((name) => fixture("server", "service", "demo", `${name}.parquet`));

test("three people find what is special about the wrong rows, pin it, decide, close and share", async ({ browser, baseURL, server }) => {
  const complaints: string[] = [];
  const [adas, ada] = await browserOf(browser, baseURL, complaints);
  const [graces, grace] = await browserOf(browser, baseURL, complaints);
  const [alans, alan] = await browserOf(browser, baseURL, complaints);
  const [strangers, stranger] = await browserOf(browser, baseURL, complaints);
  await ada.goto("/set-up");
  await ada.getByLabel("Code").fill(await server.code());
  await made(ada, "Ada Lovelace", "Make the first account");
  for (const [page, name] of [[grace, "Grace Hopper"], [alan, "Alan Turing"]] as const) {
    await page.goto(await invited(ada, "editor"));
    await made(page, name, "Make the account");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  }

  // One drops the files, the others see the map fill.
  await start(grace, "Approvals fell", demo);
  await grace.waitForURL(/\/investigations\/[0-9a-f-]{36}/);
  const map = new URL(grace.url()).pathname;
  await Promise.all([ada, alan].map((page) => page.goto(map)));
  for (const page of [grace, ada, alan]) await expect(page.locator(".station")).toHaveCount(7, { timeout: 60_000 });

  // What is known of the incident.
  await ada.getByRole("link", { name: "Review", exact: true }).click();
  await ada.getByText("Say how bad it is").click();
  await ada.getByLabel("Severity").selectOption("high");
  await ada.getByLabel("Who cares for it").fill("Alan Turing");
  await ada.getByLabel("It began (UTC)").fill("2026-03-20T08:00");
  await ada.getByLabel("It was noticed (UTC)").fill("2026-03-20T11:20");
  await ada.getByLabel(/^Tickets, deploys/).fill("https://tickets.example/INC-4711 INC-4711");
  await ada.getByRole("button", { name: "Save" }).click();
  await expect(ada.locator(".incident")).toContainText("3 hours 20 minutes after it began");
  await expect(ada.getByRole("link", { name: "INC-4711" })).toHaveAttribute("href", "https://tickets.example/INC-4711");
  await ada.evaluate(() => Object.assign(window, { kept: true }));

  // Alan selects the false negatives, finds what is special about them, and pins it.
  await alan.getByRole("link", { name: "Evaluation", exact: true }).click();
  await alan.waitForLoadState("networkidle");
  const wrong = alan.locator(".matrix td.wrong a");
  await wrong.last().click();
  const question = alan.getByRole("region", { name: "Selected rows" });
  await expect(question.locator(".answer")).toContainText(/rows (is|are) selected/);
  await question.getByRole("link", { name: "Pin as evidence" }).click();
  await expect(alan.getByRole("heading", { level: 1 })).toHaveText("Pin as evidence");
  await expect(alan.locator("main")).toContainText("What is different about the marked rows");
  await hold({ page: alan, browser, baseURL }, [{ name: "pin", address: alan.url().replace(baseURL ?? "", ""), shows: "#pinned", scripted: true }]);
  await alan.getByLabel("Caption").fill("They have cheap cars, by their number.");
  await alan.locator(".stance select").first().selectOption("for");
  await alan.getByRole("button", { name: "Pin it" }).click();
  await expect(alan.locator(".piece")).toHaveCount(1);
  await expect(alan.locator(".piece")).toContainText("Pinned by Alan Turing");

  // Ada sees it appear without loading the page again.
  await expect(ada.locator(".piece")).toHaveCount(1);
  await expect(ada.locator(".hypotheses > li").first()).toContainText("evidence 1");
  expect(await ada.evaluate(() => "kept" in window)).toBe(true);

  // Grace pins the column's chart from where she sees it, and the finding.
  await grace.goto(`${map}/compare?column=car_value`);
  await grace.waitForLoadState("networkidle");
  await grace.locator(".detail, .compare-chart").getByRole("link", { name: "Pin as evidence" }).first().click();
  await grace.getByRole("button", { name: "Pin it" }).click();
  await expect(grace.locator(".piece")).toHaveCount(2);
  await grace.goto(`${map}/layers/features`);
  await grace.locator(".finding-detail").getByRole("link", { name: "Pin as evidence" }).last().click();
  await expect(grace.locator(".stance select").first()).toHaveValue(/for|/);
  await grace.getByRole("button", { name: "Pin it" }).click();
  await expect(grace.locator(".piece")).toHaveCount(3);

  // By keyboard alone, the second piece becomes the first.
  const second = await grace.locator(".piece h3").nth(1).innerText();
  await grace.locator(".piece").nth(1).getByRole("button", { name: /^Move up/ }).focus();
  await grace.keyboard.press("Enter");
  await expect(grace.locator(".piece h3").first()).toContainText(second.replace(/^\W*2\. */, ""));
  // By the mouse, it goes back.
  await grace.waitForLoadState("networkidle");
  await grace.locator(".piece .handle").first().dragTo(grace.locator(".piece").nth(1), { targetPosition: { x: 60, y: 200 } });
  await expect(grace.locator(".piece h3").nth(1)).toContainText(second.replace(/^\W*2\. */, ""));

  // A hypothesis of her own is ruled out with its reason, and the prime suspect is confirmed.
  await grace.getByText("Add a hypothesis of your own").click();
  await grace.getByLabel("What may be the cause?").fill("The threshold was moved on Tuesday.");
  await grace.getByRole("button", { name: "Add it" }).click();
  const own = grace.locator(".hypotheses > li", { hasText: "The threshold was moved on Tuesday." });
  await own.getByText("Decide", { exact: true }).click();
  await own.getByLabel("Why").fill("It is the same in both configurations.");
  await own.getByRole("button", { name: "Rule out" }).click();
  await grace.getByText("1 ruled out").click();
  await expect(own).toContainText("ruled out by Grace Hopper");
  const prime = grace.locator(".hypotheses > li").first();
  const statement = await prime.locator(".statement").innerText();
  await prime.getByText("Decide", { exact: true }).click();
  await prime.getByRole("button", { name: "Confirm" }).click();
  await expect(grace.locator(".hypothesis.confirmed")).toContainText(statement);

  // What remains to be done, and the end.
  await grace.getByText("Add a follow-up").click();
  await grace.getByLabel("What remains to be done?").fill("Check the unit in the exporter.");
  await grace.getByLabel("Who does it (optional)").fill("Alan Turing");
  await grace.getByRole("button", { name: "Add the follow-up" }).click();
  await expect(grace.locator(".follow-ups")).toContainText("Alan Turing");

  // What waits for Alan stands on a page of his own.
  await grace.goto(map);
  await grace.getByLabel("Note", { exact: true }).fill("**@Alan** please look at the exporter.");
  await grace.getByRole("button", { name: "Add note" }).click();
  await alan.getByRole("link", { name: "Yours" }).click();
  for (const said of ["Check the unit in the exporter.", "Approvals fell", "please look at the exporter"]) {
    await expect(alan.locator("main")).toContainText(said);
  }
  await hold({ page: alan, browser, baseURL }, [{ name: "yours", address: "/yours", shows: "#tasks", scripted: true }]);
  await hold({ page: grace, browser, baseURL }, [{ name: "review", address: `${map}/review`, shows: ".piece", scripted: true }]);
  await grace.goto(`${map}/review`);
  await grace.getByLabel("What was wrong, and what was decided?").fill("The exporter sends thousands.");
  await expect(grace.getByLabel("Cause", { exact: true })).toHaveValue(/.+/);
  await grace.getByLabel(/^What it did to the business/).fill("One in sixteen loans was refused wrongly.");
  await grace.getByRole("button", { name: "Close the investigation" }).click();
  await expect(grace.locator(".conclusion")).toContainText("closed by Grace Hopper");
  await expect(grace.locator(".conclusion")).toContainText("One in sixteen loans");

  // Shared: whoever has the link sees that, and nothing else.
  await grace.getByRole("button", { name: "Make a link" }).click();
  const link = await grace.getByLabel("Address of the new link").inputValue();
  const secret = new URL(link).pathname;
  await stranger.goto(link);
  await stranger.getByRole("link", { name: "Review", exact: true }).click();
  await expect(stranger.locator(".conclusion")).toContainText("The exporter sends thousands.");
  await expect(stranger.locator(".piece")).toHaveCount(3);
  await expect(stranger.locator("form[method=post], .pin")).toHaveCount(0);
  const picture = await stranger.locator(".piece a[download]", { hasText: "SVG" }).first().getAttribute("href");
  expect((await strangers.request.get(picture ?? "")).status()).toBe(200);
  expect((await strangers.request.get((picture ?? "").replace(secret, map))).status()).toBe(401);
  await stranger.getByRole("link", { name: "Report", exact: true }).click();
  for (const said of ["The exporter sends thousands.", "They have cheap cars, by their number.", "SEV 2, high", statement]) {
    await expect(stranger.locator(".report")).toContainText(said);
  }
  await hold({ page: stranger, browser, baseURL }, [
    { name: "shared-review", address: `${secret}/review`, shows: ".piece" },
    { name: "shared-report-evidence", address: `${secret}/report`, shows: ".report svg" },
  ]);
  for (const closed of [map, `${map}/review`, `${map}/pin?chart=roc`, `${map}/report`]) {
    await stranger.goto(closed);
    await expect(stranger).toHaveURL(/\/sign-in/);
  }
  expect(complaints).toEqual([]);
  await Promise.all([adas, graces, alans, strangers].map((context) => context.close()));
});
