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
  const usual = await day.inputValue();
  await page.getByRole("slider", { name: "Served from, along time" }).press("ArrowLeft");
  await expect(day).not.toHaveValue(usual);
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

test("several windows of served rows are one table, dated from the window on in which a value changed", async ({ page }) => {
  // Fourteen days of 60 rows; from the fourth served day on the amounts are in another unit.
  const day = (number: number) => new Date(Date.UTC(2026, 4, number)).toISOString().slice(0, 10);
  const rows = (from: number, to: number, unit: (day: number) => number) => {
    const lines = ["order_id,ordered_on,amount,items"];
    for (let number = from; number < to; number++) {
      for (let row = 0; row < 60; row++) {
        const place = ((number * 60 + row) * 0.618033988) % 1;
        lines.push(`${number * 60 + row},${day(number)},${(unit(number) * (20 + 90 * place)).toFixed(3)},${1 + ((row * 7) % 5)}`);
      }
    }
    return Buffer.from(lines.join("\n"));
  };
  const file = (name: string, buffer: Buffer) => ({ name, mimeType: "text/csv", buffer });
  await dropFiles(page, [
    file("week_20.csv", rows(17, 20, () => 0.001)),
    file("orders_train.csv", rows(1, 10, () => 1)),
    file("week_19.csv", rows(13, 17, (number) => (number < 16 ? 1 : 0.001))),
  ]);
  for (const week of ["week_19.csv", "week_20.csv"]) {
    await expect(page.getByLabel(`Role of ${week}`)).toHaveValue(/^serve:/);
  }
  await expect(page.locator(".start-files")).toContainText("Its rows are read as one served table with “week_20.csv”.");
  await page.getByRole("button", { name: "Start the investigation" }).click();
  await expect(page.locator(".station")).toHaveCount(7, { timeout: 45_000 });
  await expect(page.locator("h2#suspect")).toContainText("amount");
  await expect(page.locator("main")).toContainText("since 16 May 2026");
  await page.getByRole("link", { name: "Compare", exact: true }).click();
  await expect(page.locator("main")).toContainText("420");
});
