// The whole review without a pointer: every step is reached by Tab and done by Enter, Space or letters.
import type { Locator, Page } from "@playwright/test";

import { diagnosed } from "./people";
import { expect, test } from "./server";

test.use({ apart: "keyboard", contextOptions: { reducedMotion: "reduce" } });

/** More presses than any way on these pages needs; beyond it, something can't be reached. */
const FURTHEST = 250;

/** Presses Tab until the element has the focus, which has to be seen on it. */
async function reach(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < FURTHEST; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      const ring = await target.evaluate((element) => {
        const { outlineStyle, boxShadow } = getComputedStyle(element);
        return outlineStyle !== "none" || boxShadow !== "none";
      });
      expect(ring, `the focus can't be seen on ${target}`).toBe(true);
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`${target} can't be reached by Tab`);
}

async function press(page: Page, target: Locator, key = "Enter"): Promise<void> {
  await reach(page, target);
  await page.keyboard.press(key);
}

async function write(page: Page, target: Locator, words: string): Promise<void> {
  await reach(page, target);
  await page.keyboard.type(words);
}

test("a review from the map to the shared link needs no pointer", async ({ page, request }) => {
  test.setTimeout(180_000);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  const map = await diagnosed(request, "By keyboard");
  await page.goto(map);
  await page.waitForLoadState("networkidle");
  await press(page, page.locator("a.skip"));

  // The wrong rows: a cell of the matrix, its answer, and the answer as evidence.
  await press(page, page.getByRole("link", { name: "Evaluation", exact: true }));
  await expect(page.locator(".matrix")).toBeVisible();
  await page.waitForLoadState("networkidle");
  await press(page, page.locator(".matrix td.wrong a").first());
  const question = page.getByRole("region", { name: "Selected rows" });
  await expect(question.locator(".answer")).toContainText(/selected/);
  await press(page, question.getByRole("link", { name: "Pin as evidence" }));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Pin as evidence");
  await write(page, page.getByLabel("Caption"), "The wrong rows.");
  const stance = page.locator(".stance select").first();
  await reach(page, stance);
  await page.keyboard.press("ArrowDown");
  await expect(stance).toHaveValue("for");
  await press(page, page.getByRole("button", { name: "Pin it" }));
  await expect(page.locator(".piece")).toHaveCount(1);

  // A chart of a column, found by the search.
  await page.waitForLoadState("networkidle");
  await page.keyboard.press("Control+k");
  const dialog = page.getByRole("dialog", { name: "Find anything" });
  await expect(dialog).toBeVisible();
  await page.keyboard.type("car_value");
  await expect(dialog.getByRole("option").first()).toContainText("car_value");
  await page.keyboard.press("Enter");
  await expect(page.locator(".compare-chart svg").first()).toBeVisible();
  await page.waitForLoadState("networkidle");
  await press(page, page.locator(".compare-chart .pin").first());
  await press(page, page.getByRole("button", { name: "Pin it" }));
  await expect(page.locator(".piece")).toHaveCount(2);
  const second = (await page.locator(".piece h3").nth(1).innerText()).replace(/^\W*2\. */, "");
  await press(page, page.locator(".piece").nth(1).getByRole("button", { name: /^Move up/ }), "Space");
  await expect(page.locator(".piece h3").first()).toContainText(second);

  // Decided, followed up, closed.
  await press(page, page.locator(".hypotheses > li").first().getByText("Decide", { exact: true }));
  await write(page, page.locator(".hypotheses > li").first().getByLabel("Why"), "By its unit.");
  await press(page, page.locator(".hypotheses > li").first().getByRole("button", { name: "Confirm" }));
  await expect(page.locator(".hypothesis.confirmed")).toContainText("By its unit.");
  await press(page, page.getByText("Add a follow-up"));
  await write(page, page.getByLabel("What remains to be done?"), "Divide.");
  await press(page, page.getByRole("button", { name: "Add the follow-up" }));
  await expect(page.locator(".follow-ups")).toContainText("Divide.");
  await press(page, page.locator(".follow-ups").getByRole("button", { name: "Done" }));
  await expect(page.locator(".follow-ups")).toContainText("· done");
  await write(page, page.getByLabel("What was wrong, and what was decided?"), "Thousands.");
  await press(page, page.getByRole("button", { name: "Close the investigation" }));
  await expect(page.locator(".conclusion")).toContainText("Thousands.");
  await press(page, page.getByRole("button", { name: "Make a link" }));
  await expect(page.getByLabel("Address of the new link")).toHaveValue(/\/s\/[0-9a-f]{64}$/);
  expect(complaints).toEqual([]);
});
