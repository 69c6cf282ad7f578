// What people drop first: one table with a split, one that goes on over time, predictions and labels in files of their own.
import { dropFiles } from "./investigate";
import { expect, fixture, test } from "./server";

const known = (...path: string[]) => fixture("server", "tests", "fixtures", "known", ...path);

test("one table with a split is cut as the page says, and a day cuts one that goes on over time", async ({ page }) => {
  await dropFiles(page, [known("telco", "telco_customers.csv.gz")]);
  const rows = page.getByRole("combobox", { name: "Rows", exact: true });
  await expect(rows).toHaveValue(/^split:/);
  await expect(rows.locator("option:checked")).toHaveText("cut by split: Train, Test");
  // A table without times can't be cut by them, and one that is not cut by time asks for no day.
  const day = page.locator("input[type=date]");
  await expect(day).toHaveCount(0);
  await page.getByLabel("Label", { exact: true }).selectOption("churn");
  await page.getByRole("button", { name: "Start the investigation" }).click();
  const inputs = page.locator(".chips[aria-label=Inputs]");
  await expect(inputs).toContainText("telco_customers split train.csv.gz");
  await expect(inputs).toContainText("telco_customers split test.csv.gz");
  // The page is loaded again once the checks are done, which would end the way to another page.
  await expect(page.locator(".station")).toHaveCount(7, { timeout: 45_000 });

  await dropFiles(page, [known("flights", "flights_april.csv.gz")]);
  await expect(rows).toHaveValue("");
  await expect(day).toBeHidden();
  await rows.selectOption({ label: "cut by time (time_hour)" });
  await expect(day).toBeVisible();
  await day.fill("2013-04-21");
  await page.getByRole("button", { name: "Start the investigation" }).click();
  await expect(inputs).toContainText("flights_april from 2013-04-21.csv.gz");
});

test("predictions and labels of their own are joined by id, and the inputs page says to what", async ({ page }) => {
  const files = ["churn_train", "churn_scoring", "predictions", "labels_june"];
  await dropFiles(page, files.map((name) => known("churn", `${name}.csv.gz`)));
  await expect(page.getByLabel("Role of labels_june.csv.gz")).toHaveValue(/^labels:/);
  await expect(page.getByLabel("Role of predictions.csv.gz")).toHaveValue(/^predictions:/);
  await expect(page.getByLabel("Role of churn_scoring.csv.gz")).toHaveValue(/^serve:/);
  await page.getByLabel("Title").fill("Churn");
  await page.getByRole("button", { name: "Start the investigation" }).click();
  await expect(page.locator(".station")).toHaveCount(7, { timeout: 45_000 });
  await page.getByRole("link", { name: "Evaluation", exact: true }).click();
  await expect(page.locator("main")).toContainText("churn_scoring.csv.gz");
});
