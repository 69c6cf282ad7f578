// Files of other tools, dropped as the tools wrote them: each lands on its layer with a sentence that a reviewer recognises,
// and together they make the layers speak that no table can.
import type { Page } from "@playwright/test";

import { start } from "./investigate";
import { byTool } from "./made";
import { expect, test } from "./server";

test.use({ apart: "tools" });

const dropped = (connector: string, file: string) => {
  const { name, bytes } = byTool(connector, file);
  return { name, mimeType: "application/octet-stream", buffer: bytes };
};

const ALONE = [
  { connector: "great_expectations_validation", file: "of_1.json", layer: "data", says: "Great Expectations reports missing values in salary" },
  { connector: "evidently", file: "drift_with_tests.json", layer: "data", says: "Evidently reports drift in" },
  { connector: "junit", file: "pytest.xml", layer: "features", says: "pytest reports" },
  { connector: "wandb_log", file: "diverged.wandb", layer: "training", says: "is not a finite number from epoch" },
  { connector: "model_card", file: "model_card.json", layer: "evaluation", says: "model card reports incomplete documentation" },
  { connector: "shadow_log", file: "shadow_log.jsonl", layer: "serving", says: "shadow log reports other predictions in shadow mode" },
  { connector: "kubernetes", file: "faulty.json", layer: "deployment", says: "ran out of memory" },
  { connector: "nannyml", file: "univariate_drift.csv", layer: "monitoring", says: "NannyML reports drift over time" },
];

/** Goes to a page. The map loads itself anew when its diagnosis is there, which may end a navigation that just began. */
async function open(page: Page, address: string): Promise<void> {
  await expect(async () => { await page.goto(address); }).toPass({ timeout: 30_000 });
}

for (const { connector, file, layer, says } of ALONE) {
  test(`a file of ${connector} speaks on the layer ${layer}`, async ({ page }) => {
    await start(page, connector, [dropped(connector, file)]);
    await expect(page.locator(".station")).toHaveCount(7, { timeout: 45_000 });
    await open(page, `${new URL(page.url()).pathname}/layers/${layer}`);
    await expect(page.locator("main")).toContainText(says);
  });
}

test("together they are one incident, and a threshold that two of them have otherwise is found", async ({ page }) => {
  const files = [
    ["kubernetes", "faulty.json"],
    ["github_deployments", "deployments.json"],
    ["model_card_hub", "README.md"],
    ["prometheus_query", "error_ratio_by_version.json"],
    ["health", "health_degraded.json"],
    ["nannyml", "univariate_drift.csv"],
  ] as const;
  await start(page, "An incident", files.map(([connector, file]) => dropped(connector, file)));
  await expect(page.locator(".station")).toHaveCount(7, { timeout: 45_000 });
  await expect(page.locator(".suspect").first()).toContainText("ran out of memory");
  const map = new URL(page.url()).pathname;
  await open(page, `${map}/layers/evaluation`);
  await expect(page.locator("main")).toContainText(/Files disagree: another threshold in threshold: 0\.5 in .*README\.md \(evaluation\).*0\.6 in deployments\.json \(serving\)/);
  await page.goto(`${map}/inputs`);
  await expect(page.locator("main")).toContainText("Kubernetes objects of kubectl get or a manifest");
});
