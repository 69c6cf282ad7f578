import { defineConfig } from "@playwright/test";

const hosts = [
  // A headless browser that looks for its maker's services on a closed network waits for each of them.
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  // Each worker has its own servers and its own browser (tests/server.ts).
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  // Only what hangs takes this long; a machine that does other things too is slow.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1280, height: 900 },
    launchOptions: {
      executablePath: process.env.CHROMIUM,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", ...hosts],
    },
  },
});
