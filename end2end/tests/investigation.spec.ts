// The main job: files in, the map out, and a link that stays true.
import { expect, fixture, testWith } from "./server";

const test = testWith("serve");

const train = fixture("server", "service", "demo", "train.parquet");
const serve = fixture("server", "service", "demo", "serve.parquet");
const predictions = fixture("server", "service", "demo", "predictions.parquet");

async function start(page: import("@playwright/test").Page, files: string[], title: string): Promise<void> {
  await page.goto("/investigations/new");
  await page.waitForLoadState("networkidle");
  await page.locator("input[type=file]").setInputFiles(files);
  await expect(page.locator("input[type=hidden][name=snapshot]")).toHaveCount(files.length, { timeout: 30_000 });
  await page.getByLabel("Title", { exact: true }).fill(title);
  await page.getByLabel("Model", { exact: true }).fill("car-loan");
  await page.getByRole("button", { name: "Start the investigation" }).click();
}

test("dropped files become the map, and a shared link shows the same to others", async ({ page, browser }) => {
  await start(page, [train, serve, predictions], "Approvals look wrong");
  await expect(page.locator(".station")).toHaveCount(7, { timeout: 45_000 });
  await expect(page.locator("main")).toContainText("car_value");
  const sentence = await page.locator(".railway").innerText();
  await page.reload();
  expect(await page.locator(".railway").innerText()).toBe(sentence);

  const investigation = page.url();
  await page.getByRole("button", { name: "Make a link" }).click();
  await page.waitForURL(/\/s\/[\w-]{40,}/);
  const link = page.url();
  await expect(page.locator(".share-box input")).toHaveValue(link);

  const stranger = await browser.newContext();
  const shared = await stranger.newPage();
  await shared.goto(link);
  await expect(shared.locator(".railway")).toBeVisible();
  expect(await shared.locator(".railway").innerText()).toBe(sentence);
  await expect(shared.locator("form[method=post]")).toHaveCount(0);

  await page.goto(investigation);
  await page.getByRole("button", { name: "Revoke" }).first().click();
  const answer = await shared.reload();
  expect(answer?.status()).toBe(404);
  await stranger.close();
});

test("a file that can't be read says so beside its name, and nothing of it stays", async ({ page }) => {
  await page.goto("/investigations/new");
  await page.waitForLoadState("networkidle");
  await page.locator("input[type=file]").setInputFiles({ name: "photo.csv", mimeType: "text/csv", buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 1]) });
  await expect(page.getByRole("alert")).toContainText(/photo\.csv/);
  await expect(page.locator("input[type=hidden][name=snapshot]")).toHaveCount(0);
});

test("names from strangers are text everywhere", async ({ page }) => {
  const hostile = "<img src=x onerror=window.hacked=1>";
  const rows = (shift: number) =>
    [`id,"${hostile}",label`, ...Array.from({ length: 400 }, (_, i) => `${i},${((i * 37) % 100) + shift},${i % 2}`)].join("\n");
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => (dialogs.push(dialog.message()), dialog.dismiss()));
  await page.goto("/investigations/new");
  await page.waitForLoadState("networkidle");
  await page.locator("input[type=file]").setInputFiles([
    { name: "train.csv", mimeType: "text/csv", buffer: Buffer.from(rows(0)) },
    { name: "serve.csv", mimeType: "text/csv", buffer: Buffer.from(rows(60)) },
  ]);
  await expect(page.locator("input[type=hidden][name=snapshot]")).toHaveCount(2, { timeout: 30_000 });
  await page.getByLabel("Title", { exact: true }).fill(hostile);
  await page.getByRole("button", { name: "Start the investigation" }).click();
  await expect(page.locator(".station")).toHaveCount(7, { timeout: 45_000 });
  await expect(page.getByRole("heading", { level: 1 })).toContainText(hostile);
  await page.getByRole("link", { name: "Compare", exact: true }).click();
  await expect(page.locator("main").getByText(hostile).first()).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { hacked?: number }).hacked)).toBeUndefined();
  expect(dialogs).toEqual([]);
});

test("after the program was killed, everything acknowledged is still there and the work goes on", async ({ page, server }) => {
  await start(page, [train, serve], "Killed in the middle");
  await page.waitForURL(/\/investigations\/(?!new)/);
  const address = page.url();
  await server.kill();
  await server.launch();
  await page.goto(address.replace(/\/inputs.*/, ""));
  await expect(page.locator(".station")).toHaveCount(7, { timeout: 45_000 });
  await expect(page.locator("main")).toContainText("car_value");
});
