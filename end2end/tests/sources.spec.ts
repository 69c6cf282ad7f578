// A running tool by its address, and what an investigation gives back to other tools.
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { demo, diagnosed } from "./made";
import { expect, test } from "./server";

test.use({ apart: "sources", contextOptions: { reducedMotion: "reduce" } });

/** A Prometheus that knows one alert; its page is the one that people send around. */
function prometheus(): Promise<Server> {
  const answers: Record<string, unknown> = {
    "/api/v1/status/buildinfo": { status: "success", data: { version: "2.42.0" } },
    "/api/v1/alerts": {
      status: "success",
      data: { alerts: [{ labels: { alertname: "SlowModel", severity: "page" }, annotations: {}, state: "firing", activeAt: "2026-05-16T07:30:00Z", value: "0.5" }] },
    },
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? "").split("?")[0];
    if (path === "/graph") return response.setHeader("content-type", "text/html").end("<!doctype html><title>Prometheus</title>");
    response.end(JSON.stringify(answers[path] ?? { status: "success", data: [] }));
  });
  return new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(server)));
}

test("a running Prometheus is an input by the address of its page, and its alert stands on the map", async ({ page, request }) => {
  const tool = await prometheus();
  try {
    const { port } = tool.address() as AddressInfo;
    const map = await diagnosed(request, { title: "Slow since noon" }, demo());
    await page.goto(`${map}/inputs`);
    await page.getByText("Link an address or a path").click();
    const address = page.getByLabel("Address, or a path on the server");
    await address.fill(`http://127.0.0.1:${port}/graph?g0.expr=up`);
    await address.press("Enter");
    await expect(page.locator(".uploads li")).toContainText("stored", { timeout: 30_000 });
    // What the server refuses is said in its own line, and the rest is added.
    await address.fill("ftp://example.org/rows.csv");
    await page.getByRole("button", { name: "Fetch", exact: true }).click();
    await expect(page.locator(".uploads li").last().getByRole("alert")).toContainText("ftp");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await expect(page.locator("main")).toContainText(`Prometheus at 127.0.0.1:${port}`);
    await expect(async () => {
      await page.goto(`${map}/layers/monitoring`);
      await expect(page.locator("main")).toContainText("SlowModel", { timeout: 1_000 });
    }).toPass({ timeout: 45_000 });
  } finally {
    tool.close();
  }
});

test("what would have caught it is handed out for other tools, all of it and by finding", async ({ page, request }) => {
  const map = await diagnosed(request, { title: "Since May" }, demo());
  await page.goto(map);
  const next = page.getByRole("region", { name: "Catch it next time" });
  await expect(next).toContainText("would have caught it");
  const [download] = await Promise.all([page.waitForEvent("download"), next.getByRole("link", { name: "Great Expectations" }).click()]);
  expect(download.suggestedFilename()).toMatch(/\.json$/);
  const suite = JSON.parse(readFileSync(await download.path(), "utf8"));
  expect(suite.expectations.length).toBeGreaterThan(3);
  for (const format of ["tfdv", "pandera", "dbt", "odcs", "prometheus"]) {
    expect((await request.get(`/api/v1${map}/guards/${format}`)).status(), format).toBe(200);
  }
  expect((await request.get(`/api/v1${map}/guards/none`)).status()).toBe(404);
  await page.goto(`${map}/layers/features`);
  const rules = page.locator("details.guards").first();
  await rules.locator("summary").click();
  await expect(rules).toContainText("train:");
  await expect(rules.getByRole("link", { name: "pandera" })).toHaveAttribute("href", /\/guards\/pandera\?finding=/);
});
