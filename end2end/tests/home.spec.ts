// The start page with many investigations, and what people change about one: its name, its owner, whether it is listed.
import AxeBuilder from "@axe-core/playwright";

import { opened, sign } from "./people";
import { expect, test } from "./server";

/** A word that only this test's investigations have: others use the same server. */
const tag = () => `tag${Math.random().toString(36).slice(2, 10)}`;

test("investigations are searched, narrowed and sorted, and the list has an address", async ({ page, request }) => {
  const only = tag();
  const first = await opened(request, `Zebra fell ${only}`, "loans", "Ada");
  const second = await opened(request, `Apples fell ${only}`, "fraud", "Grace");
  await request.post(`/api/v1/investigations/${first}/notes`, { data: { text: `the exporter of ${only}` } });
  await request.post(`/api/v1/investigations/${second}/close`, { data: { text: "Nothing was wrong." } });
  const lines = page.locator("li.investigation", { hasText: only });
  const titles = () => lines.locator(".title").allInnerTexts();

  await page.goto("/");
  await page.getByLabel("Search").fill(only);
  await page.getByRole("button", { name: "Show" }).click();
  await expect(lines).toHaveCount(2);
  await expect(lines.first()).toContainText("Verdict: Nothing was wrong.");
  await page.getByLabel("Sort by").selectOption({ label: "Title" });
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect.poll(titles).toEqual([`Apples fell ${only}`, `Zebra fell ${only}`]);
  const address = page.url();
  await page.getByLabel("State").selectOption({ label: "Closed" });
  await page.getByRole("button", { name: "Show" }).click();
  await expect.poll(titles).toEqual([`Apples fell ${only}`]);
  await page.goto(address);
  await page.getByLabel("Owner").selectOption({ label: "Ada" });
  await page.getByRole("button", { name: "Show" }).click();
  await expect.poll(titles).toEqual([`Zebra fell ${only}`]);
  await page.getByLabel("Search").fill(`exporter ${only}`);
  await page.getByRole("button", { name: "Show" }).click();
  await expect(lines).toHaveCount(1);
  await page.getByLabel("Search").fill(`nowhere ${only}`);
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page.getByRole("status").first()).toHaveText("No investigation matches.");
  await page.getByRole("link", { name: "Reset" }).click();
  await expect(page).toHaveURL(/\/$/);
});

test("many investigations stand on pages, and no window is too narrow for them", async ({ page, request }) => {
  const only = tag();
  await Promise.all(Array.from({ length: 60 }, (_, at) => opened(request, `${only} ${"long ".repeat(at % 50)}`, "m".repeat(at), "Ada")));
  await page.goto(`/?search=${only}&sort=created`);
  await expect(page.getByRole("status").first()).toHaveText("1 to 50 of 60 investigations");
  await expect(page.locator("li.investigation")).toHaveCount(50);
  for (const width of [320, 390, 620, 773, 981, 1280, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect.soft(overflow, `${width}`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  for (const line of await page.locator("li.investigation").all()) {
    expect((await line.boundingBox())?.height, "one line each").toBeLessThan(60);
  }
  const axe = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
  expect(axe.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target).join(" | ")}`)).toEqual([]);
  await page.getByRole("link", { name: "Next" }).click();
  await expect(page.locator("li.investigation")).toHaveCount(10);
  await page.getByRole("link", { name: "Previous" }).click();
  await expect(page.locator("li.investigation")).toHaveCount(50);
});

test("a name is asked for once, shown in every form, changed and forgotten", async ({ page, request }) => {
  const map = `/investigations/${await opened(request, `Names ${tag()}`)}`;
  await page.goto(map);
  const form = page.locator(`form[action$="/notes"]:has(#note-text)`);
  const note = async (text: string) => {
    await form.getByLabel("Note").fill(text);
    await form.getByRole("button", { name: "Add note" }).click();
    await expect(page.locator(".notes li", { hasText: text })).toBeVisible();
  };
  await sign(form, "Zoë");
  await note("first");
  await expect(form.getByText("as Zoë")).toBeVisible();
  await note("second");
  await expect(page.locator(".notes li", { hasText: "second" })).toContainText("Zoë");
  await page.goto("/investigations/new");
  await expect(page.locator("main").getByText("as Zoë")).toBeVisible();
  await page.goto(map);
  await sign(form, "Grace");
  await note("third");
  await expect(page.locator(".notes li", { hasText: "third" })).toContainText("Grace");
  await sign(form, "");
  await note("fourth");
  await expect(page.locator(".notes li", { hasText: "fourth" })).toContainText("someone");
  await expect(form.getByPlaceholder("Your name")).toHaveValue("");
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("an investigation is renamed, archived, brought back, closed, opened again and deleted", async ({ page, request }) => {
    const only = tag();
    const map = `/investigations/${await opened(request, `Renamed ${only}`)}`;
    await page.goto(map);
    await page.getByText("Rename, edit, export, archive or delete").click();
    await page.getByLabel("Title", { exact: true }).fill(`Cents ${only}`);
    await page.getByLabel("Model", { exact: true }).fill("loans");
    await page.getByText("Symptoms", { exact: true }).click();
    await page.getByLabel("latency spikes").check();
    await sign(page.locator(`form[action$="/edit"]`), "Ada");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Cents ${only}`);
    await expect(page.locator(".timeline")).toContainText(`Ada renamed the investigation to “Cents ${only}”`);
    await expect(page.locator("main")).toContainText("reported: latency spikes");

    await page.getByText("Rename, edit, export, archive or delete").click();
    await page.getByRole("button", { name: "Archive" }).click();
    await expect(page.locator(".timeline")).toContainText("Ada archived the investigation");
    await page.goto(`/?search=${only}`);
    await expect(page.locator("li.investigation")).toHaveCount(0);
    await page.goto(`/?search=${only}&state=archived`);
    await expect(page.locator("li.investigation")).toContainText("Archived");
    await page.getByRole("link", { name: `Cents ${only}` }).click();
    await page.getByText("Rename, edit, export, archive or delete").click();
    await page.getByRole("button", { name: "Bring back from the archive" }).click();

    await page.getByText("Close with a verdict").click();
    await page.getByLabel("What was wrong, and what was decided?").fill("The exporter sent cents.");
    await page.getByLabel("Cause in other words").fill("a deploy on Friday");
    await page.getByLabel("What was done (optional)").fill("rolled back");
    await page.getByRole("button", { name: "Close the investigation" }).click();
    await expect(page.locator("main")).toContainText("Closed");
    await page.goto(`/?search=${only}%20friday`);
    await expect(page.locator("li.investigation")).toContainText("Verdict: The exporter sent cents.");
    await page.goto(map);
    await page.getByRole("button", { name: "Reopen" }).click();
    const earlier = page.getByRole("region", { name: "Earlier verdict" });
    await expect(earlier).toContainText("The exporter sent cents.");
    await expect(earlier).toContainText("rolled back");
    await expect(earlier).toContainText("by Ada");

    // Gone for good, once somebody is sure.
    await page.goto(map);
    await page.getByText("Rename, edit, export, archive or delete").click();
    await page.getByText("Delete it for good").click();
    await page.getByLabel("I am sure").check();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await expect(page).toHaveURL("/");
    expect((await page.goto(map))?.status()).toBe(404);
  });
});
