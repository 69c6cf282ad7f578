// The main job: files in, the map out, and a link that stays true.
import { dropFiles, start } from "./investigate";
import { expect, fixture, test } from "./server";

const train = fixture("server", "service", "demo", "train.parquet");
const serve = fixture("server", "service", "demo", "serve.parquet");
const predictions = fixture("server", "service", "demo", "predictions.parquet");

test("dropped files become the map, and a shared link shows the same to others", async ({ page, browser }) => {
  await start(page, "Approvals look wrong", [train, serve, predictions]);
  await expect(page.locator(".station")).toHaveCount(7, { timeout: 45_000 });
  await expect(page.locator("main")).toContainText("car_value");
  const sentence = await page.locator(".railway").innerText();
  await page.reload();
  expect(await page.locator(".railway").innerText()).toBe(sentence);

  const investigation = page.url();
  await page.getByRole("button", { name: "Make a link" }).click();
  await expect(page.getByLabel("Address of the new link")).toHaveValue(/\/s\/[\w-]{40,}/);
  const link = await page.getByLabel("Address of the new link").inputValue();

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
  const photo = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 1]);
  await dropFiles(page, { name: "photo.csv", mimeType: "text/csv", buffer: photo });
  await expect(page.getByRole("alert")).toContainText(/photo\.csv/);
  await expect(page.locator("input[type=hidden][name=snapshot]")).toHaveCount(0);
});

test("names from strangers are text everywhere", async ({ page }) => {
  const hostile = "<img src=x onerror=window.hacked=1>";
  const rows = (shift: number) =>
    [`id,"${hostile}",label`, ...Array.from({ length: 400 }, (_, i) => `${i},${((i * 37) % 100) + shift},${i % 2}`)].join("\n");
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => (dialogs.push(dialog.message()), dialog.dismiss()));
  await start(page, hostile, [
    { name: "train.csv", mimeType: "text/csv", buffer: Buffer.from(rows(0)) },
    { name: "serve.csv", mimeType: "text/csv", buffer: Buffer.from(rows(60)) },
  ]);
  await expect(page.locator(".station")).toHaveCount(7, { timeout: 45_000 });
  await expect(page.getByRole("heading", { level: 1 })).toContainText(hostile);
  await page.getByRole("link", { name: "Compare", exact: true }).click();
  await expect(page.locator("main").getByText(hostile).first()).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { hacked?: number }).hacked)).toBeUndefined();
  expect(dialogs).toEqual([]);
});

test("after the program was killed, everything acknowledged is still there and the work goes on", async ({ page, server }) => {
  await start(page, "Killed in the middle", [train, serve]);
  await page.waitForURL(/\/investigations\/(?!new)/);
  const address = page.url();
  await server.kill();
  await server.launch();
  await page.goto(address.replace(/\/inputs.*/, ""));
  await expect(page.locator(".station")).toHaveCount(7, { timeout: 45_000 });
  await expect(page.locator("main")).toContainText("car_value");
});
