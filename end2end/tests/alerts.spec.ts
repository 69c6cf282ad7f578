// Eight weeks of a model by a script, with a fault in the sixth: an alert at a webhook within a minute, one click from it to the
// investigation, closed with a verdict, and the digest that tells the story.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server as Listener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { hold } from "./screen";
import { expect, test } from "./server";
import { csv, dice } from "./tables";

test.use({ apart: "alerts" });
test.setTimeout(600_000);

const DAY = 86_400_000;
const WEEKS = 8;

interface Message {
  kind: string;
  title: string;
  url: string;
  lines: string[];
  alerts: { statement: string }[];
}

/** A webhook of one's own. */
class Receiver {
  readonly came: Message[] = [];
  private readonly listener: Listener;

  constructor() {
    this.listener = createServer((request, response) => {
      let body = "";
      request.on("data", (piece) => (body += piece));
      request.on("end", () => {
        this.came.push(JSON.parse(body));
        response.writeHead(204).end();
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((ready) => this.listener.listen(0, "127.0.0.1", ready));
    return `http://127.0.0.1:${(this.listener.address() as AddressInfo).port}/hook`;
  }

  of(kind: string): Message[] {
    return this.came.filter((message) => message.kind === kind);
  }

  close(): void {
    this.listener.close();
    this.listener.closeAllConnections();
  }
}

/** Orders, whose amount arrives in cents where it is broken. */
function orders(seed: number, rows: number, unit: number, labelled: boolean): string {
  const roll = dice(seed);
  const lines = Array.from({ length: rows }, (_, row) => {
    const amount = 20 + 180 * roll();
    const label = amount > 110 ? 1 : 0;
    const seen = [`${seed}-${row}`, (amount * unit).toFixed(2), ["web", "shop", "phone"][row % 3] ?? "", label];
    return labelled ? [...seen, roll() < 0.9 ? label : 1 - label] : seen;
  });
  return csv(["id", "amount", "channel", "prediction", ...(labelled ? ["returned"] : [])], lines);
}

function push(server: string, file: string, ...more: string[]): void {
  const done = spawnSync(process.env.MISMATCH_BINARY ?? "", ["push", "orders", file, "--server", server, ...more], { encoding: "utf8" });
  expect(done.status, done.stderr).toBe(0);
}

/** Midnight of the Monday of this week, UTC. */
function monday(): number {
  const today = Math.floor(Date.now() / DAY);
  return (today - ((today + 3) % 7)) * DAY;
}

test("a fault in the sixth week alerts within a minute and its story is in the digest", async ({ page, browser, baseURL, request, server }) => {
  const folder = mkdtempSync(join(tmpdir(), "mismatch-weeks-"));
  const receiver = new Receiver();
  const address = await receiver.listen();
  const send = (name: string, text: string, ...more: string[]) => {
    const file = join(folder, `${name}.csv`);
    writeFileSync(file, text);
    push(server.url, file, ...more);
  };
  const settled = async (windows: number) =>
    expect(async () => {
      const all: { state: string }[] = await (await request.get("/api/v1/models/orders/arrivals?role=serve&limit=100")).json();
      expect(all.map(({ state }) => state)).toEqual(Array(windows).fill("judged"));
    }).toPass({ timeout: 120_000 });
  try {
    // The channel, with a digest that is due in a minute.
    const soon = new Date(Date.now() + 60_000);
    const time = soon.toISOString().slice(11, 16);
    await page.goto("/channels");
    await page.getByLabel("Name", { exact: true }).fill("ml-alerts");
    await page.getByLabel("Address").fill(address);
    await page.getByLabel("Secret").fill("0f9a");
    await page.getByLabel("Digest of the week before").selectOption({ index: ((soon.getUTCDay() + 6) % 7) + 1 });
    await page.getByLabel("Digest at").fill(time);
    await page.getByRole("button", { name: "Add the channel" }).click();
    await page.getByRole("button", { name: "Send a test to ml-alerts" }).click();
    await expect(page.getByText("took the test")).toBeVisible();
    await expect.poll(() => receiver.of("test").length).toBe(1);
    expect(await page.content()).not.toContain("0f9a");

    // Five weeks without a rule, then the rule, with a look at what it would have done.
    send("train", orders(1, 900, 1, true), "--role", "train", "--version", "3");
    const begin = monday() - WEEKS * 7 * DAY;
    const day = (place: number) => new Date(begin + place * DAY).toISOString().slice(0, 10);
    const bad = (place: number) => place >= 37 && place <= 39;
    const sendDay = (place: number) => send(day(place), orders(place + 2, 240, bad(place) ? 100 : 1, false), "--at", day(place), "--version", "3");
    for (let place = 0; place < 35; place += 1) sendDay(place);
    await settled(35);
    await page.goto("/models/orders");
    await expect(page.locator(".gaps")).toContainText("There is no alert rule");
    await page.getByRole("link", { name: "Alerts and rules" }).click();
    await page.getByLabel("a suspect is probable by at least").check();
    await page.getByLabel("Percent").fill("30");
    await page.getByRole("button", { name: /^Preview on the last/ }).click();
    await expect(page.locator("#preview")).toContainText("It would not have fired in 35 windows");
    await expect(page.getByLabel("Percent")).toHaveValue("30");
    await page.getByRole("button", { name: "Add the rule" }).click();
    await expect(page.getByText("a suspect is at least 30 % probable")).toBeVisible();

    // The sixth week.
    for (let place = 35; place < 37; place += 1) sendDay(place);
    await settled(37);
    sendDay(37);
    await expect.poll(() => receiver.of("fired").length, { timeout: 60_000 }).toBe(1);
    const [alert] = receiver.of("fired");
    expect(alert?.alerts[0]?.statement).toContain("amount");
    for (let place = 38; place < WEEKS * 7; place += 1) sendDay(place);

    // One click from the message.
    await page.goto(new URL(alert?.url ?? "").pathname + new URL(alert?.url ?? "").search);
    await expect(page.locator("#led-to")).toContainText("Rows of");
    await page.locator(".notice").getByRole("button", { name: "Open an investigation" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText("orders: rows of");
    await expect(page.locator("main")).toContainText("amount is 100 times larger");
    const map = new URL(page.url()).pathname;
    await page.goto(`${map}/review`);
    await page.getByLabel("What was wrong, and what was decided?").fill("The shop sent cents.");
    await page.getByRole("button", { name: "Close the investigation" }).click();

    // Closed, it stands where it came from.
    await page.goto("/models/orders/alerts");
    await expect(page.getByRole("link", { name: "Go to its investigation" }).first()).toHaveAttribute("href", map);
    await settled(WEEKS * 7);
    await expect.poll(() => receiver.of("ended").length, { timeout: 60_000 }).toBe(1);
    expect(receiver.of("fired").length, "three bad days are one alert").toBe(1);
    await page.goto("/models/orders");
    await expect(page.locator("main")).toContainText("The shop sent cents.");

    // The digest of last week came; that of the sixth tells the story.
    await expect.poll(() => receiver.of("digest").length, { timeout: 120_000 }).toBe(1);
    expect(receiver.of("digest")[0]?.lines.join("\n")).toMatch(/20\d\d/);
    const week = await (await request.get(`/api/v1/weekly?week=${weekOf(begin + 37 * DAY)}`)).json();
    const digest = await (await request.get(`/api/v1/weekly/digest?week=${week.week}`)).text();
    expect(digest).toContain("1 model got worse");
    expect(digest).toContain("amount is 100 times larger");
  } finally {
    receiver.close();
    rmSync(folder, { recursive: true, force: true });
  }

  await hold({ page, browser, baseURL }, [
    { name: "alerts", address: "/models/orders/alerts?kind=suspect&probability=30&windows=1&severity=high", shows: "#preview .notice" },
    { name: "channels", address: "/channels", shows: "#channels" },
    { name: "model-alerts", address: "/models/orders", shows: "#open-alerts" },
  ]);
});

/** By ISO 8601: the week of its Thursday. */
function weekOf(ms: number): string {
  const days = Math.floor(ms / DAY);
  const thursday = new Date((days - ((days + 3) % 7) + 3) * DAY);
  const year = thursday.getUTCFullYear();
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * DAY)) + 1;
  return `${year}-W${String(week).padStart(2, "0")}`;
}
