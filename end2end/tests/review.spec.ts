// The first hour and the review: what is shown on the start page is what is used, and what people decide moves the page.
import { dropFiles, start } from "./investigate";
import { sign } from "./people";
import { expect, fixture, test } from "./server";

// The suspects depend on the data alone, not on test sets of other tests.
test.use({ apart: "review" });

/** Passengers with a few features, the label in the last column of train only. */
const passengers = (head: string, from: number, labelled: boolean) =>
  [head, ...Array.from({ length: 200 }, (_, i) => {
    const row = i + from;
    const features = `${row},${20 + ((row * 7) % 50)},${["f", "m"][row % 2]},${10 + ((row * 13) % 90)}`;
    return labelled ? `${features},${row % 3 === 0 ? 1 : 0}` : features;
  })].join("\n");
const csv = (name: string, text: string) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
const train = csv("train.csv", passengers("PassengerId,Age,Sex,Fare,Survived", 0, true));
const test_ = csv("test.csv", passengers("PassengerId,Age,Sex,Fare", 200, false));

test("files are read together: roles and label stand in selects with their reasons, and are used as shown", async ({ page }) => {
  await dropFiles(page, [train, test_]);
  await expect(page.getByLabel("Role of train.csv")).toHaveValue(/^train:/);
  await expect(page.getByLabel("Role of test.csv")).toHaveValue(/^serve:/);
  await expect(page.locator(".start-files")).toContainText("It lacks the label “Survived”, as data in serving do.");
  await expect(page.getByLabel("Label", { exact: true })).toHaveValue("Survived");
  await page.getByLabel("Role of test.csv").selectOption({ label: "Validation" });
  await page.getByLabel("Label", { exact: true }).selectOption("Sex");
  await page.getByLabel("Title").fill("Roles");
  await page.getByRole("button", { name: "Start the investigation" }).click();
  await expect(page.locator(".chips[aria-label=Inputs]")).toContainText("Validation");
  // The page is loaded again once the checks are done; a click before that would be lost.
  await expect(page.locator(".station")).toHaveCount(7, { timeout: 45_000 });
  await page.getByRole("link", { name: "Inputs", exact: true }).click();
  await expect(page.getByLabel("Label", { exact: true })).toHaveValue("Sex");
});

test("a label that serving lacks is no finding, and the map says how the files were read", async ({ page }) => {
  await start(page, "Titanic", [train, test_]);
  await expect(page.locator(".station")).toHaveCount(7, { timeout: 45_000 });
  await expect(page.locator("main")).not.toContainText("Survived is missing in serving");
  await page.getByText("to check").first().click();
  await expect(page.getByRole("region", { name: "How the files were read" })).toContainText("Survived is read as the label.");
});

test("what is ruled out moves down, what is confirmed is the cause, and the verdict stands on top everywhere", async ({ page }) => {
  const demo = ["train", "serve", "predictions"].map((name) => fixture("server", "service", "demo", `${name}.parquet`));
  await start(page, "Review", demo);
  await expect(page.locator(".station")).toHaveCount(7, { timeout: 45_000 });
  const statement = await page.locator("#suspect").innerText();
  await sign(page.locator("form.decide").first(), "Ada");
  await page.getByRole("button", { name: "Rule out" }).first().click();
  await expect(page.locator("#suspect")).not.toHaveText(statement);
  await page.getByText(/ruled out$/).first().click();
  await expect(page.locator("main")).toContainText("ruled out by Ada");
  // Ruled out by mistake: it comes back.
  await page.getByText("Decide", { exact: true }).last().click();
  await page.getByRole("button", { name: "Take the decision back" }).click();
  await expect(page.locator("#suspect")).toHaveText(statement);

  await sign(page.locator("form.decide").first(), "Ada");
  await page.getByRole("button", { name: "Confirm" }).first().click();
  await expect(page.getByRole("region", { name: statement })).toContainText("confirmed by Ada");
  await page.goto("/");
  await expect(page.locator("li.investigation", { hasText: "Review" })).toContainText(`Cause: ${statement}`);
  await page.goBack();

  await page.getByText("Close with a verdict").click();
  await page.getByLabel("What was wrong, and what was decided?").fill("The service sent thousands.");
  await sign(page.locator(`form[action$="/close"]`), "Ada");
  await page.getByRole("button", { name: "Close the investigation" }).click();
  await expect(page.locator(".conclusion")).toContainText("The service sent thousands.");
  await expect(page.locator(".conclusion")).toContainText("closed by Ada");
  await page.goto("/");
  await expect(page.locator("li.investigation", { hasText: "Review" })).toContainText("Verdict: The service sent thousands.");

  // The report, what is printed and a link show the same.
  await page.goBack();
  const map = page.url();
  await page.getByRole("link", { name: "Report", exact: true }).click();
  const report = page.locator(".report");
  for (const said of [statement, "confirmed by Ada", "The service sent thousands."]) await expect(report).toContainText(said);
  await page.emulateMedia({ media: "print" });
  await expect(report).toContainText("The service sent thousands.");
  await expect(page.getByRole("button", { name: "Print or save as PDF" })).toBeHidden();
  await page.emulateMedia({ media: "screen" });
  await page.goto(map);
  await sign(page.locator(`form[action$="/share-links"]`), "Ada");
  await page.getByRole("button", { name: "Make a link" }).click();
  const shared = await page.getByLabel("Address of the new link").inputValue();
  await page.goto(shared);
  await expect(page.locator(".conclusion")).toContainText("The service sent thousands.");
  await expect(page.getByRole("region", { name: statement })).toContainText("confirmed by Ada");
  await expect(page.locator("form.decide")).toHaveCount(0);
});
