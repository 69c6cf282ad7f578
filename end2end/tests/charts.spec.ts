// Charts as files: whatever a page shows can be taken away, and shows the same there.
import { expect, test } from "./server";

test.use({ verb: "demo" });

const TYPES = { svg: "image/svg+xml", png: "image/png", csv: "text/csv; charset=utf-8" };

test("every chart of every page comes as SVG, PNG and CSV", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("link", { name: /Accuracy fell six points/ }).first().click();
  await expect(page.locator("#suspect")).toBeVisible();
  const map = page.url();
  const kinds = new Set<string>();
  for (const shown of ["", "/layers/features", "/compare?column=car_value", "/compare?column=car_value&view=ecdf", "/evaluation"]) {
    await page.goto(map + shown);
    const charts = await page.locator("figure.chart, table.confusion").count();
    const links = await page.locator(".files a[download]").evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
    expect(charts).toBeGreaterThan(0);
    expect(links).toHaveLength(3 * charts);
    for (const link of links) {
      const file = new URL(link).pathname.split("/").pop() ?? "";
      const answer = await page.request.get(link);
      expect(answer.status(), link).toBe(200);
      expect(answer.headers()["content-type"], link).toBe(TYPES[file.split(".")[1] as keyof typeof TYPES]);
      expect(answer.headers()["content-disposition"]).toBe(`attachment; filename="${file}"`);
      kinds.add(file.split(".")[0]);
    }
  }
  expect([...kinds].sort()).toEqual(
    ["calibration", "column", "confusion", "cost_curve", "drift_strips", "fall", "fall_over_time", "gains", "learning_curve", "precision_recall", "roc", "score_histogram"],
  );
});

test("the file of a column follows the view that is chosen", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("link", { name: /Accuracy fell six points/ }).first().click();
  await page.getByRole("link", { name: "Compare", exact: true }).click();
  await page.locator("main a[href*='column=car_value']").first().click();
  const title = page.locator(".compare-chart .chart-title");
  await page.getByRole("link", { name: "ECDF" }).or(page.getByRole("button", { name: "ECDF" })).click();
  await expect(title).toContainText("at or below");
  const link = await page.locator(".compare-chart .files a[download]").first().getAttribute("href");
  const svg = await (await page.request.get(link ?? "")).text();
  expect(svg).toContain(`<title>${await title.innerText()}</title>`);
});
