// What holds on every screen: no fault that axe finds, nothing wider than the window, targets that a finger hits, no
// complaint in the console, and the content without a script. And the screen's pictures.
import AxeBuilder from "@axe-core/playwright";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "@playwright/test";

import { expect } from "./server";

/** One screen. */
export interface Screen {
  /** What its pictures and its faults are called. */
  name: string;
  /** Where it is; a screen that only a person reaches has `open`. */
  address: string;
  /** What it is there for: seen as soon as the page is there, with and without scripts. */
  shows: string;
  /** What a person does to see it, after the page is there. */
  open?: (page: Page) => Promise<void>;
  /** It is answered with this status; 200 where nothing else is said. */
  status?: number;
  /** What the browser itself says in the console of it. */
  says?: RegExp;
  /** It waits for an answer for as long as it is shown. */
  waits?: boolean;
  /** It needs a script by its nature, or can't be asked for a second time. */
  scripted?: boolean;
}

/** What a test has of the browser. */
interface Open {
  page: Page;
  browser: Browser;
  baseURL: string | undefined;
}

/** From the narrowest phone to a wide screen; 640 and 960 are 1280 and 1920 at a zoom of 200 %. */
const WIDTHS = [320, 390, 601, 640, 700, 772, 960, 1280, 1920];
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** Colours and widths break different things, so two looks show what four would; the pictures are made with all four. */
const LOOKS = [[1280, "light"], [390, "dark"]] as const;
const ALL_LOOKS = [...LOOKS, [1280, "dark"], [390, "light"]] as const;

const folder = join(import.meta.dirname, "..", "screenshots", "screens");

/** Opens the screens one after the other in one page, and checks what holds on each. */
export async function hold({ page, browser, baseURL }: Open, screens: Screen[]): Promise<void> {
  const complaints: string[] = [];
  page.on("console", (message) => {
    const own = message.location().url === page.url() && message.text().includes("the server responded with a status of");
    if (["error", "warning"].includes(message.type()) && !own) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  const plain = await browser.newContext({ javaScriptEnabled: false, baseURL });
  const unscripted = await plain.newPage();
  for (const screen of screens) {
    complaints.length = 0;
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: "light", media: "screen" });
    const answer = await page.goto(screen.address);
    expect.soft(answer?.status(), `${screen.name}: status`).toBe(screen.status ?? 200);
    await screen.open?.(page);
    // Nothing marks the end of the islands' start, and what they complain of comes in it.
    if (!screen.waits) await page.waitForLoadState("networkidle");
    await expect.soft(page.locator("h1"), `${screen.name}: one headline`).toHaveCount(1);
    await expect.soft(page.locator(screen.shows).first(), screen.name).toBeVisible();
    await pictures(page, screen.name);
    expect.soft(await tooWide(page), `${screen.name}: wider than the window`).toEqual([]);
    for (const [width, colorScheme] of process.env.PICTURES ? ALL_LOOKS : LOOKS) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      expect.soft(await faults(page), `${screen.name}: ${width}, ${colorScheme}`).toEqual([]);
      expect.soft(await tooSmall(page), `${screen.name}: targets at ${width}`).toEqual([]);
    }
    const own = complaints.filter((one) => !screen.says?.test(one));
    expect.soft(own, `${screen.name}: the console`).toEqual([]);
    if (!screen.scripted) {
      await unscripted.goto(screen.address);
      await expect.soft(unscripted.locator("h1"), `${screen.name}: the headline without scripts`).toBeVisible();
      await expect.soft(unscripted.locator(screen.shows).first(), `${screen.name}: without scripts`).toBeVisible();
    }
  }
  await plain.close();
}

/** The widths at which the page scrolls sideways, and by how much. */
export async function tooWide(page: Page): Promise<string[]> {
  const over: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    const pixels = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (pixels > 0) over.push(`${width}: ${pixels} pixels`);
  }
  return over;
}

/** What axe finds, whatever its impact. */
export async function faults(page: Page): Promise<string[]> {
  // There are no frames, for which axe would open another page each time.
  const found = await new AxeBuilder({ page }).setLegacyMode().withTags(RULES).analyze();
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(" | ")}`);
}

/** Targets that are smaller than 24 by 24 pixels and have no room around them (WCAG 2.5.8); links in a sentence are left out. */
export async function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const SIZE = 24;
    const shown = (element: Element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest(".hidden, .skip");
    const letters = (text: string | null) => /[\p{L}\p{N}]/u.test(text ?? "");
    const inSentence = (element: Element) => {
      const parent = element.parentElement;
      if (!parent || element.tagName !== "A" || getComputedStyle(element).display !== "inline") return false;
      return [...parent.childNodes].some((node) => node !== element && !(node instanceof HTMLAnchorElement) && letters(node.textContent));
    };
    // What a label says belongs to the target of its field.
    const box = (element: Element) => {
      const rect = element.getBoundingClientRect();
      const label = element.closest("label")?.getBoundingClientRect();
      return label ? { left: Math.min(rect.left, label.left), right: Math.max(rect.right, label.right), top: Math.min(rect.top, label.top), bottom: Math.max(rect.bottom, label.bottom) } : rect;
    };
    const targets = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [role=slider]")]
      .filter(shown)
      // What only the keyboard reaches.
      .filter((element) => getComputedStyle(element).pointerEvents !== "none")
      .map((element) => ({ element, box: box(element), inSentence: inSentence(element) }))
      .filter(({ box }) => box.right > box.left && box.bottom > box.top)
      .map((one) => ({ ...one, small: one.box.right - one.box.left < SIZE - 0.5 || one.box.bottom - one.box.top < SIZE - 0.5 }));
    const middle = ({ box }: (typeof targets)[number]) => ({ x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 });
    const crowded = (one: (typeof targets)[number]) => {
      const { x, y } = middle(one);
      return targets.find((other) => {
        if (other === one || other.element.contains(one.element) || one.element.contains(other.element)) return false;
        if (other.small) {
          const at = middle(other);
          return Math.hypot(at.x - x, at.y - y) < SIZE - 0.5;
        }
        const dx = Math.max(other.box.left - x, 0, x - other.box.right);
        const dy = Math.max(other.box.top - y, 0, y - other.box.bottom);
        return Math.hypot(dx, dy) < SIZE / 2 - 0.5;
      });
    };
    const named = (element: Element) => `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""} “${(element.textContent ?? "").trim().slice(0, 40)}”`;
    return targets.filter((one) => one.small && !one.inSentence).flatMap((one) => {
      const near = crowded(one);
      const size = `${Math.round(one.box.right - one.box.left)}×${Math.round(one.box.bottom - one.box.top)}`;
      return near ? [`${named(one.element)} ${size}, near ${named(near.element)}`] : [];
    });
  });
}

/** With `PICTURES` set, every screen leaves its pictures in all looks. */
async function pictures(page: Page, name: string): Promise<void> {
  if (!process.env.PICTURES) return;
  mkdirSync(folder, { recursive: true });
  const looks = [["light", "light", 1280], ["dark", "dark", 1280], ["narrow", "light", 390], ["wide", "light", 1920]] as const;
  for (const [look, colorScheme, width] of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: join(folder, `${name}-${look}.png`), fullPage: true });
  }
  await page.emulateMedia({ colorScheme: "light", media: "print" });
  await page.pdf({ path: join(folder, `${name}.pdf`), format: "A4", printBackground: true });
  await page.emulateMedia({ media: "screen" });
}
