// Looking deeper: two columns at once, two runs row by row, many runs in one chart, columns along time, what a chat shows of a link, and stored files.
import type { APIRequestContext } from "@playwright/test";

import { demo, diagnosed, say, text } from "./made";
import { expect, test } from "./server";
import { scores, versions } from "./tables";

test.use({ contextOptions: { reducedMotion: "reduce" } });

const demonstration = (request: APIRequestContext) => diagnosed(request, { title: "Amounts", model: "loans" }, demo());

const twoVersions = (request: APIRequestContext) => {
  const { test: rows, first, second } = versions();
  return diagnosed(request, { title: "Two versions", model: "churn" }, [
    text("test.csv", rows, "test"),
    text("v1.csv", first, "predictions"),
    text("v2.csv", second, "predictions"),
  ]);
};

test("from a marked chart to two columns at once, to a cell's rows, to evidence", async ({ page, request }) => {
  const map = await demonstration(request);
  await page.goto(`${map}/compare?column=score&where=serve%3Bc.score~r~5e-1~1e0~i`);
  await page.getByLabel("Together with", { exact: true }).selectOption("salary_range");
  await page.getByRole("button", { name: "Show both" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "score and salary_range" })).toBeVisible();
  // What was marked stays marked, on the side that it is of.
  await expect(page.getByRole("list", { name: "Marked rows" })).toContainText("score 0.5 to 1");
  await expect(page.getByText(/marked rows; the larger a dot/)).toHaveCount(1);
  await expect(page.getByText("How strongly they go together.")).toBeVisible();
  await page.getByRole("link", { name: "Mark none" }).click();
  await expect(page.getByText(/marked rows; the larger a dot/)).toHaveCount(0);

  await page.getByRole("link", { name: /Mark the rows with score/ }).first().click();
  await expect(page.getByRole("heading", { name: "What is different about these rows?" })).toBeVisible();
  await expect(page.getByRole("list", { name: "Conditions" }).getByRole("listitem")).toHaveCount(2);

  await page.goto(`${map}/pair?x=car_value&y=salary_range`);
  await page.getByRole("link", { name: "Pin as evidence" }).last().click();
  await page.getByLabel("Your name").fill("Ada");
  await page.getByRole("button", { name: /Pin/ }).click();
  await page.goto(`${map}/review`);
  const piece = page.locator("#evidence-1");
  await expect(piece).toContainText("car_value and salary_range in serve");
  await expect(piece.locator(".tile").first()).toBeAttached();
});

test("which answers changed between two versions, by keyboard from the evaluation", async ({ page, request }) => {
  const map = await twoVersions(request);
  await page.goto(`${map}/evaluation`);
  const link = page.getByRole("link", { name: "Row by row: what changed" });
  await link.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("What changed from");
  await expect(page.getByText(/rows, \d+ changed their answer: \d+ won and \d+ lost/)).toBeVisible();
  const lost = async () => Number((await page.locator("dl.facts").first().innerText()).match(/lost: [^\n]*\n+(\d+)/)?.[1]);
  const before = await lost();
  await page.getByRole("link", { name: "The other way round" }).click();
  await expect(page.getByText(/changed their answer/)).toBeVisible();
  expect(await lost()).not.toBe(before);
  // The worse direction names the region in which version 2 is wrong.
  if ((await lost()) < before) await page.goBack();
  await expect(page.getByRole("region", { name: "What is special about the rows that lost" }).or(page.locator("section[aria-labelledby=special]"))).toContainText("region");
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download as CSV" }).click()]);
  expect(file.suggestedFilename()).toBe("flips.csv");
});

const threeVersions = (request: APIRequestContext) => {
  const runs = [1, 2, 3].map((version) => text(`v${version}.csv`, scores(version, 2 + version), "predictions"));
  return diagnosed(request, { title: "Three versions", model: "churn" }, runs);
};

test("three runs are drawn in one chart, and one of them is switched off by keyboard", async ({ page, request }) => {
  const map = await threeVersions(request);
  await page.goto(`${map}/evaluation`);
  await page.waitForLoadState("networkidle");
  const roc = page.locator(".chart-values").filter({ hasText: "ROC" });
  const lines = roc.locator("svg.stretched path.line:not(.guide)");
  await expect(lines).toHaveCount(3);
  // Colour is not the only sign.
  await expect(roc.locator("path.line.another")).toHaveAttribute("stroke-dasharray", /^\d/);
  await expect(roc.locator(".key.another")).toContainText(/all of v\d\.csv: area 0\.\d+/);
  const plot = roc.locator("svg.plot").first();
  await plot.scrollIntoViewIfNeeded();
  const box = await plot.boundingBox();
  await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2);
  for (const version of [1, 2, 3]) await expect(roc.locator(".tip")).toContainText(`all of v${version}.csv: recall`);
  await page.mouse.move(0, 0);

  const tick = page.getByRole("group", { name: /^Drawn with all of v\d\.csv and all of v\d\.csv: 1 of 1$/ }).getByRole("checkbox");
  await expect(tick).toBeChecked();
  await tick.focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/[?&]drawn=chosen(&|#|$)/);
  await expect(lines).toHaveCount(2);
  await expect(page.getByRole("group", { name: /: 0 of 1$/ }).getByRole("checkbox")).not.toBeChecked();
  // The address alone restores it, and the file shows the same runs.
  await page.reload();
  await expect(lines).toHaveCount(2);
  const file = (await roc.getByRole("link", { name: "CSV" }).getAttribute("href")) ?? "";
  const runsIn = async (address: string) => new Set((await (await request.get(address)).text()).match(/all of v\d\.csv/g)).size;
  expect(await runsIn(file)).toBe(2);
  expect(await runsIn(file.replace("drawn=chosen", "drawn=all"))).toBe(3);
});

test("columns along time stand on the monitoring layer and on Compare, with their files", async ({ page, request }) => {
  const map = await demonstration(request);
  await page.goto(`${map}/layers/monitoring`);
  const figure = page.locator("figure", { hasText: "Distance from training, column by column along time" });
  await expect(figure.locator(".tile").first()).toBeAttached();
  await expect(figure.locator(".dot.bad").first()).toBeAttached();
  await figure.getByText("Show the numbers").click();
  await expect(figure.locator("table tbody tr").first()).toContainText("car_value");
  const svg = await figure.getByRole("link", { name: "SVG" }).getAttribute("href");
  expect((await request.get(svg ?? "")).ok()).toBe(true);
  await page.goto(`${map}/compare`);
  await page.getByText("Columns along time").click();
  await expect(figure.locator(".tile").first()).toBeVisible();
});

test("what happened stands on one axis, and a verdict begins with what is known", async ({ page, request }) => {
  const map = await demonstration(request);
  const hour = 3_600_000;
  const began = Date.UTC(2026, 2, 20, 6);
  await say(request, "put", `${map}/incident`, { severity: "high", started_at_ms: began, detected_at_ms: began + 5 * hour, resolved_at_ms: began + 50 * hour });
  await say(request, "post", `${map}/entries`, { what: "The pricing feed was switched.", at_ms: began - hour });
  await page.goto(map);
  const picture = page.locator("[data-live=timeline-picture] figure");
  await expect(picture).toContainText("What happened when");
  for (const lane of ["incident", "served rows", "entered by people"]) await expect(picture.locator("text", { hasText: lane }).first()).toBeVisible();
  await picture.getByText("Show the numbers").click();
  await expect(picture.locator("table")).toContainText("The pricing feed was switched.");

  await page.goto(`${map}/review`);
  await page.getByRole("link", { name: "Data changed upstream" }).click();
  await expect(page.getByLabel("What was wrong, and what was decided?")).toHaveValue(/car_value is 1,000 times smaller.*\[Who changed what upstream/);
  await expect(page.getByLabel(/What it did to the business/)).toHaveValue(/noticed after 5 hours/);
  await expect(page.getByLabel(/What was done/)).toHaveValue(/over after 2 days/);
});

test("a link that a chat may preview says so, and stored files that nothing uses go", async ({ page, request }) => {
  const map = await demonstration(request);
  await page.goto(map);
  await page.getByLabel("A chat shows of it").selectOption("map");
  await page.getByRole("button", { name: "Make a link" }).click();
  await expect(page.getByText("with a preview in chats").first()).toBeVisible();
  const address = await page.getByLabel("Address of the new link").inputValue();
  await page.goto(address);
  await expect(page.locator('meta[property="og:title"]')).toHaveAttribute("content", "Amounts");
  const image = await page.locator('meta[property="og:image"]').getAttribute("content");
  const picture = await request.get(image ?? "");
  expect([picture.status(), picture.headers()["content-type"]]).toEqual([200, "image/png"]);

  const name = `left-over-${Date.now()}.csv`;
  await request.post("/api/v1/snapshots", { params: { name }, headers: { "content-type": "application/octet-stream" }, data: Buffer.from(`a,b\n1,${Date.now()}\n`) });
  await page.goto("/files");
  const row = page.getByRole("row", { name: new RegExp(name) });
  await row.getByText("sure").click();
  await row.getByRole("button", { name: `Delete ${name} for good` }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Stored files" })).toBeVisible();
  await expect(page.getByText(name)).toHaveCount(0);
});
