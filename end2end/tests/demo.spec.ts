// The first minutes of a newcomer: the demo's finished investigation, from its sentence to its proof.
import { expect, test } from "./server";

test.use({ verb: "demo" });

test.beforeEach(async ({ page }) => {
  await page.goto("/");
  await page.getByRole("link", { name: /Accuracy fell six points/ }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Accuracy fell six points");
});

test("the map accuses car_value of a change of unit", async ({ page }) => {
  await expect(page.getByText(/Prime suspect/i).first()).toBeVisible();
  await expect(page.locator("main")).toContainText("car_value");
  await expect(page.locator("main")).toContainText(/1,?000/);
  await expect(page.locator(".station")).toHaveCount(7);
  await expect(page.locator(".item-mark")).toHaveCount(23);
});

test("a station opens its layer, and a finding opens its chart", async ({ page }) => {
  await page.locator(".station-link").nth(1).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Features");
  await expect(page.getByText("car_value").first()).toBeVisible();
  await page.locator("main a[href*='/compare?']").first().click();
  await expect(page).toHaveURL(/\/compare\?.*column=car_value/);
  await expect(page.locator(".compare-chart svg").first()).toBeVisible();
});

test("the chart of a column changes with its address, which restores what is seen", async ({ page }) => {
  await page.getByRole("link", { name: "Compare", exact: true }).click();
  await page.locator("main a[href*='column=car_value']").first().click();
  await page.getByRole("link", { name: "ECDF" }).or(page.getByRole("button", { name: "ECDF" })).click();
  await expect(page).toHaveURL(/ecdf/);
  const drawn = () => page.locator(".compare-chart svg path").evaluateAll((paths) => paths.map((path) => path.getAttribute("d")));
  await expect(page.locator(".compare-chart .chart-title")).toContainText("at or below");
  const before = await drawn();
  expect(before.length).toBeGreaterThan(1);
  await page.reload();
  await expect.poll(drawn).toEqual(before);
});

test("the threshold slider moves the matrix at once, without asking the server", async ({ page }) => {
  await page.getByRole("link", { name: "Evaluation", exact: true }).click();
  await expect(page.locator(".threshold-explorer")).toBeVisible();
  const slider = page.locator(".threshold-explorer input[type=range]").first();
  const matrix = page.locator(".matrix table").first();
  const before = await matrix.innerText();
  await slider.focus();
  // Until the script runs, the slider moves alone.
  await expect(async () => {
    await page.keyboard.press("ArrowLeft");
    expect(await matrix.innerText()).not.toBe(before);
  }).toPass();
  const moved = await matrix.innerText();
  const asked: string[] = [];
  page.on("request", (request) => {
    // The browser looks at the icon again whenever the address changes.
    if (!new URL(request.url()).pathname.startsWith("/favicon")) asked.push(request.url());
  });
  for (let press = 0; press < 12; press++) await page.keyboard.press("ArrowLeft");
  await expect.poll(() => matrix.innerText()).not.toBe(moved);
  expect(asked).toEqual([]);
  const after = await matrix.innerText();
  await page.reload();
  await expect.poll(() => page.locator(".matrix table").first().innerText()).toBe(after);
});

test("a finding that is known is muted, folded with its note, and heard again", async ({ page }) => {
  const map = page.url();
  await page.goto(`${map}/layers/features`);
  const finding = page.locator(".finding-detail").filter({ hasText: "car_value" }).first();
  const id = await finding.getAttribute("id");
  await finding.locator("summary", { hasText: /^Mute$/ }).click();
  await finding.getByLabel("Why it is accepted").fill("the new feed stays in thousands until the retraining");
  await finding.getByLabel("Until", { exact: true }).selectOption("30");
  await finding.getByLabel("Your name").fill("Ada");
  await finding.getByRole("button", { name: "Mute the finding" }).click();
  await expect(page).toHaveURL(`${map}/layers/features`);

  const muted = page.locator(`[id="${id}"] > .muted-finding`);
  await expect(muted.locator("> summary")).toContainText("car_value");
  await expect(muted.getByText("Muted by Ada")).toBeHidden();
  await muted.locator("> summary").click();
  await expect(muted.locator(".said-line")).toContainText("the new feed stays in thousands until the retraining");
  await page.goto(map);
  await expect(page.locator(".said", { hasText: "1 muted" })).toBeVisible();
  await expect(page.locator(".muted-finding")).toHaveCount(1);

  await page.locator(".muted-finding > summary").click();
  await page.locator(".muted-finding").getByRole("button", { name: "Unmute" }).click();
  await expect(page.locator(".muted-finding")).toHaveCount(0);
  await expect(page.locator("#suspect")).toContainText("car_value");
});

test("the reference shows every item with its detectors", async ({ page }) => {
  await page.getByRole("link", { name: "Reference", exact: true }).first().click();
  for (const code of ["D1", "D2", "D3", "F2", "F3", "T4", "E1", "E2", "M3"]) {
    await expect(page.locator("main").getByText(code, { exact: true }).first()).toBeVisible();
  }
});
