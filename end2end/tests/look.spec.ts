// Every screen in light, dark and narrow: screenshots to be looked at, no errors in the console, nothing wider than
// the window, and no serious accessibility fault.
import AxeBuilder from "@axe-core/playwright";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "./server";

const folder = join(import.meta.dirname, "..", "screenshots");
mkdirSync(folder, { recursive: true });

const looks = [
  { name: "light", colorScheme: "light", width: 1280 },
  { name: "dark", colorScheme: "dark", width: 1280 },
  { name: "narrow", colorScheme: "light", width: 390 },
] as const;

const screens: [string, (map: string) => string][] = [
  ["home", () => "/"],
  ["new", () => "/investigations/new"],
  ["map", (map) => map],
  ["inputs", (map) => `${map}/inputs`],
  ["layer", (map) => `${map}/layers/features`],
  ["compare", (map) => `${map}/compare?column=car_value`],
  ["evaluation", (map) => `${map}/evaluation`],
  ["reference", () => "/reference"],
  ["reference-item", () => "/reference/F2"],
  ["missing", () => "/no-such-page"],
];

test.use({ verb: "demo", contextOptions: { reducedMotion: "reduce" } });

for (const [name, address] of screens) {
  test(name, async ({ page, request }) => {
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" && !message.text().includes("404")) complaints.push(`${page.url()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
    const all: { id: string; title: string }[] = await (await request.get("/api/v1/investigations")).json();
    const demo = all.find(({ title }) => title.startsWith("Accuracy fell six points"));
    expect(demo).toBeDefined();
    await page.goto(address(`/investigations/${demo?.id}`));
    // Nothing marks the end of the islands' start, and what they complain of comes in it.
    await page.waitForLoadState("networkidle");
    // The page is loaded once: a browser follows the person's choice of colours and the window's width without asking again.
    for (const look of looks) {
      await page.emulateMedia({ colorScheme: look.colorScheme });
      await page.setViewportSize({ width: look.width, height: 900 });
      await page.screenshot({ path: join(folder, `${name}-${look.name}.png`), fullPage: true });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect.soft(overflow, `${look.name}: it is wider than the window`).toBeLessThanOrEqual(0);
      const axe = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa"]).analyze();
      const serious = axe.violations.filter((one) => one.impact === "serious" || one.impact === "critical");
      const words = serious.map((one) => `${one.id}: ${one.nodes.map((node) => node.target).join(" | ")}`);
      expect.soft(words, look.name).toEqual([]);
    }
    expect(complaints).toEqual([]);
  });
}
