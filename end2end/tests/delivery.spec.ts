// What a page asks for: the browser's half once, compressed, and never again.
import { expect, test } from "./server";

test.use({ verb: "demo" });

/** Most bytes of the wasm, as it is sent. */
const WASM_BYTES = 250_000;

test("a second page asks the server for nothing but itself", async ({ page, context }) => {
  const cdp = await context.newCDPSession(page);
  await cdp.send("Network.enable");
  const kept = new Set<string>();
  const asked = new Map<string, string>();
  cdp.on("Network.requestServedFromCache", ({ requestId }) => kept.add(requestId));
  cdp.on("Network.responseReceived", ({ requestId, response }) => {
    if (response.fromDiskCache) kept.add(requestId);
    asked.set(requestId, new URL(response.url).pathname);
  });
  const served = () => [...asked].filter(([id]) => !kept.has(id)).map(([, path]) => path).sort();

  const wasm = page.waitForResponse((response) => response.url().endsWith(".wasm"));
  await page.goto("/");
  const headers = await (await wasm).allHeaders();
  expect(headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  expect(headers["content-encoding"]).toBe("br");
  expect(Number(headers["content-length"])).toBeGreaterThan(0);
  expect(Number(headers["content-length"])).toBeLessThanOrEqual(WASM_BYTES);
  await page.waitForLoadState("networkidle");
  const hash = "[0-9a-f]{16}";
  const first = served().join("\n");
  for (const name of [`/pkg/mismatch-${hash}\\.css`, `/pkg/mismatch-${hash}\\.js`, `/pkg/mismatch-${hash}_bg\\.wasm`]) {
    expect(first).toMatch(new RegExp(`^${name}$`, "m"));
  }

  asked.clear();
  await page.goto("/reference");
  await page.waitForLoadState("networkidle");
  expect([...asked.values()].some((path) => path.endsWith(".wasm")), "the page runs its scripts").toBe(true);
  expect(served()).toEqual(["/reference"]);
});
