// Every screen that there is, by its address and in each of its states.
import type { Page } from "@playwright/test";

import { dropFiles } from "./investigate";
import * as made from "./made";
import { known, text } from "./made";
import { hold, type Screen } from "./screen";
import { expect, test } from "./server";
import { amounts, classes, columns, scored, versions } from "./tables";

// Each test makes what its screens need once and goes through them in one page.
test.use({ contextOptions: { reducedMotion: "reduce" } });
test.setTimeout(400_000);

const LAYERS = ["data", "features", "training", "evaluation", "serving", "deployment", "monitoring"];

/** The address of the demonstration's map. */
async function demonstration(request: Parameters<typeof made.say>[0]): Promise<string> {
  const all: { id: string; title: string }[] = await (await request.get("/api/v1/investigations")).json();
  const found = all.find(({ title }) => title.startsWith("Accuracy fell six points"));
  expect(found).toBeDefined();
  return `/investigations/${found?.id}`;
}

/** Drops files on the start page and waits until they are shown. */
function drop(files: made.Sent[], shows: string): (page: Page) => Promise<void> {
  return async (page) => {
    await dropFiles(page, files.map(({ name, bytes }) => ({ name, mimeType: "application/octet-stream", buffer: bytes })));
    await expect(page.locator(shows).first()).toBeVisible();
  };
}

test.describe("an empty server", () => {
  test.use({ apart: "empty" });

  test("the first screens of a newcomer, and what people drop", async ({ page, browser, baseURL }) => {
    const start = (name: string, files: made.Sent[], shows: string): Screen => {
      return { name, address: "/investigations/new", shows, open: drop(files, shows), scripted: true };
    };
    await hold({ page, browser, baseURL }, [
      { name: "home-empty", address: "/", shows: ".invitation" },
      { name: "start-empty", address: "/investigations/new", shows: ".drop-zone" },
      start("start-files", made.churn(), ".start-file:nth-of-type(4) .preview"),
      start("start-cut-by-split", known("telco", "telco_customers"), ".start-file .cut"),
      {
        name: "start-cut-by-time",
        address: "/investigations/new",
        shows: ".cut-day",
        scripted: true,
        open: async (page) => {
          await drop(known("flights", "flights_april"), ".start-file .cut")(page);
          await page.getByRole("combobox", { name: "Rows", exact: true }).selectOption({ label: "cut by time (time_hour)" });
        },
      },
      start("start-artifact", made.faultless().filter(({ name }) => /freeze|observations/.test(name)), ".start-file"),
      { ...start("start-unreadable", [made.picture("photo.csv")], ".uploads .bad"), says: /status of 400/ },
      { name: "not-found", address: "/no-such-page", shows: ".empty-page", status: 404 },
      { name: "not-found-investigation", address: "/investigations/0198f1c2-6c3e-7d10-9b57-0e4f3a2b1c0d", shows: ".empty-page", status: 404 },
      { name: "not-found-link", address: "/s/0000", shows: ".empty-page", status: 404 },
    ]);
  });
});

test.describe("the demonstration", () => {
  test.use({ verb: "demo", apart: "screens" });

  test("its map, its layers, its comparison and its rows", async ({ page, browser, baseURL, request }) => {
    const map = await demonstration(request);
    const where = "&where=both%3Bc.car_value~r~1e1~1e2~x";
    await hold({ page, browser, baseURL }, [
      { name: "map", address: map, shows: ".station" },
      { name: "map-table", address: `${map}?view=table&of=1`, shows: ".findings tbody tr" },
      ...LAYERS.map((layer) => ({ name: `layer-${layer}`, address: `${map}/layers/${layer}`, shows: ".item" })),
      { name: "compare", address: `${map}/compare`, shows: ".comparison" },
      { name: "compare-number", address: `${map}/compare?column=car_value`, shows: ".compare-chart svg" },
      { name: "compare-ecdf", address: `${map}/compare?column=car_value&view=ecdf`, shows: ".compare-chart svg" },
      { name: "compare-category", address: `${map}/compare?column=salary_range`, shows: ".compare-chart svg" },
      { name: "compare-time", address: `${map}/compare?column=event_time`, shows: ".compare-chart svg" },
      { name: "compare-selection", address: `${map}/compare?column=car_value${where}`, shows: ".answer .differences" },
      { name: "compare-nothing", address: `${map}/compare?q=nothing-is-called-so`, shows: ".search" },
      { name: "rows", address: `${map}/rows?where=both%3Bc.score~r~5e-1~8e-1~x`, shows: ".selected-rows tbody tr" },
      { name: "rows-none", address: `${map}/rows`, shows: "main p" },
      { name: "pair-numbers", address: `${map}/pair?x=car_value&y=debt_to_income_ratio`, shows: ".pair-side .tile" },
      { name: "pair-marked", address: `${map}/pair?x=car_value&y=salary_range&where=both%3Bc.score~r~5e-1~8e-1~x`, shows: ".pair-side .dot" },
      { name: "pair-unknown", address: `${map}/pair?x=car_value&y=gone`, shows: "main .notice" },
      { name: "flips-unknown", address: `${map}/flips`, shows: "main .notice" },
      { name: "stored-files", address: "/files", shows: "main table" },
      { name: "undo", address: `${map}/undo?suspect=1`, shows: ".repaired tbody tr" },
      { name: "undo-none", address: `${map}/undo?suspect=99`, shows: "main .notice" },
    ]);
  });

  test("its evaluation, inputs and report, and the reference", async ({ page, browser, baseURL, request }) => {
    const map = await demonstration(request);
    const html = await (await request.get(`${map}/reports/report.html`)).text();
    await hold({ page, browser, baseURL }, [
      { name: "home", address: "/", shows: ".investigation" },
      { name: "evaluation-binary", address: `${map}/evaluation`, shows: ".matrix table" },
      { name: "inputs", address: `${map}/inputs`, shows: ".preview" },
      { name: "review-untouched", address: `${map}/review`, shows: "#hypotheses" },
      { name: "report", address: `${map}/report`, shows: ".report" },
      {
        name: "report-file",
        address: `${map}/report`,
        shows: ".prime",
        scripted: true,
        open: async (page) => {
          // A page of the product would forbid its styles.
          await page.goto("about:blank");
          await page.setContent(html);
        },
      },
      { name: "reference", address: "/reference", shows: ".reference-layers" },
      ...["D1", "F2", "E2", "P3", "M3"].map((code) => ({ name: `reference-${code}`, address: `/reference/${code}`, shows: "main h2" })),
    ]);
  });
});

test.describe("other investigations", () => {
  test.use({ apart: "screens" });

  test("maps in all their states", async ({ page, browser, baseURL, request }) => {
    const decided = await made.diagnosed(request, { title: "Decided", model: "car-loan", author: "Ada" }, made.demo());
    const [first] = await made.suspects(request, decided);
    const rule = async (page: Page, ruling: string) => {
      await made.say(request, "put", `${decided}/decisions`, { suspect: first?.key, ruling, note: "The feed was checked.", author: "Ada" });
      await page.reload();
    };
    const wide = await made.diagnosed(request, { title: "Many columns moved", model: "wide" }, [
      text("train.csv", columns(1, 60, 300, 0), "train"),
      text("serve.csv", columns(2, 60, 300, 45), "serve"),
    ]);
    const clear = await made.diagnosed(request, { title: "Everything as it should be", model: "car-loan" }, made.faultless());
    const since = await made.diagnosed(
      request,
      { title: "Since the twentieth", model: "m", roles: { label: "bought", id: "id", time: "at", prediction: "prediction", score: "score" } },
      [text("train.csv", scored(7, "2026-01", 99), "train"), text("serve.csv", scored(8, "2026-03", 19), "serve")],
    );
    const nothing = await made.opened(request, { title: "Nothing was brought" }, []);
    const tools = await made.diagnosed(request, { title: "What the tools say", model: "car-loan" }, [
      made.byTool("kubernetes", "faulty.json"),
      made.byTool("github_deployments", "deployments.json"),
      made.byTool("model_card_hub", "README.md"),
      made.byTool("prometheus_query", "error_ratio_by_version.json"),
      made.byTool("nannyml", "univariate_drift.csv"),
      made.byTool("great_expectations_validation", "of_1.json"),
    ]);
    const muted = await made.diagnosed(request, { title: "Muted", model: "car-loan" }, made.demo());
    const { findings } = await (await request.get(`/api/v1${muted}/diagnosis`)).json();
    await made.say(request, "put", `${muted}/mutes/${findings[0].id}`, { note: "known since May", author: "Ada" });
    await hold({ page, browser, baseURL }, [
      { name: "map-many", address: wide, shows: ".findings-section .filter" },
      { name: "map-many-filtered", address: `${wide}?verdict=mismatch&column=f00`, shows: ".findings tbody tr" },
      { name: "map-filtered-to-nothing", address: `${wide}?column=zzz`, shows: ".findings-section .card" },
      { name: "layer-many", address: `${wide}/layers/data`, shows: ".findings tbody tr" },
      { name: "map-clear", address: clear, shows: ".suspect.partly, .suspect.clear" },
      { name: "map-since", address: since, shows: ".scope" },
      { name: "layer-since", address: `${since}/layers/monitoring`, shows: ".time-chart svg" },
      { name: "compare-text", address: `${since}/compare?column=remark`, shows: ".compare-chart, .detail" },
      { name: "map-tools", address: tools, shows: ".station" },
      { name: "layer-tools", address: `${tools}/layers/deployment`, shows: ".item" },
      { name: "inputs-tools", address: `${tools}/inputs`, shows: "main h2" },
      { name: "review-nothing", address: `${nothing}/review`, shows: "#hypotheses" },
      { name: "map-nothing", address: nothing, shows: "#nothing-yet" },
      { name: "map-muted", address: muted, shows: ".muted-finding" },
      { name: "map-ruled-out", address: decided, shows: ".disclosure", open: (page) => rule(page, "ruled_out") },
      { name: "map-confirmed", address: decided, shows: ".suspect", open: (page) => rule(page, "confirmed") },
    ]);
  });

  test("what is closed or shared, and what is under way", async ({ page, browser, baseURL, request }) => {
    const decided = await made.diagnosed(request, { title: "To be closed", model: "car-loan", author: "Ada" }, made.demo());
    const [first] = await made.suspects(request, decided);
    const close = { text: "The service sent thousands.", suspect: first?.key, done: "Rolled back.", prevention: "A contract test.", author: "Ada" };
    const link = await made.shared(request, decided);
    await made.say(request, "post", `${decided}/close`, close);
    const closed = await made.shared(request, decided);
    await hold({ page, browser, baseURL }, [
      { name: "review-closed", address: `${decided}/review`, shows: ".conclusion" },
      { name: "map-closed", address: decided, shows: ".conclusion" },
      { name: "inputs-closed", address: `${decided}/inputs`, shows: ".preview" },
      { name: "shared-unlock", address: `${link}/unlock`, shows: "#password" },
      { name: "shared-map", address: link, shows: ".station" },
      { name: "shared-layer", address: `${link}/layers/features`, shows: ".item" },
      { name: "shared-compare", address: `${link}/compare?column=car_value`, shows: ".compare-chart svg" },
      { name: "shared-evaluation", address: `${link}/evaluation`, shows: ".matrix table" },
      { name: "shared-report", address: `${link}/report`, shows: ".report" },
      { name: "shared-closed", address: closed, shows: ".conclusion" },
      { name: "report-closed", address: `${decided}/report`, shows: ".report" },
    ]);
    const wider = await made.opened(request, { title: "Two thousand columns" }, [
      text("train.csv", columns(3, 2000, 40, 0), "train"),
      text("serve.csv", columns(4, 2000, 40, 10), "serve"),
    ]);
    // Nobody says that they are over, after which the page would load itself again.
    await page.route("**/api/v1/jobs/*/events", () => undefined);
    await hold({ page, browser, baseURL }, [
      { name: "map-running", address: wider, shows: ".progress", waits: true, scripted: true },
      { name: "inputs-two-thousand-columns", address: `${wider}/inputs`, shows: ".preview" },
    ]);
  });

  test("evaluations of every task", async ({ page, browser, baseURL, request }) => {
    const evaluated = async (title: string, test: string, serve: string) => {
      const files = [text("test.csv", test, "test"), text("serve.csv", serve, "serve")];
      return `${await made.diagnosed(request, { title, model: title }, files)}/evaluation`;
    };
    const alone = await made.diagnosed(request, { title: "Titanic", model: "titanic" }, known("titanic", ["train", "train"], ["test", "serve"]));
    const { test: rows, first, second } = versions();
    const changed = await made.diagnosed(request, { title: "Two versions", model: "churn" }, [
      text("test.csv", rows, "test"),
      text("v1.csv", first, "predictions"),
      text("v2.csv", second, "predictions"),
    ]);
    await hold({ page, browser, baseURL }, [
      { name: "evaluation-3-classes", address: await evaluated("3 classes", classes(3, 3000, 0.9), classes(3, 3000, 0.6)), shows: "table.confusion" },
      { name: "evaluation-30-classes", address: await evaluated("30 classes", classes(30, 3000, 0.9), classes(30, 3000, 0.6)), shows: "table.confusion" },
      { name: "evaluation-amounts", address: await evaluated("amounts", amounts(1200, 0), amounts(1000, 3000)), shows: ".charts figure" },
      { name: "evaluation-none", address: `${alone}/evaluation`, shows: "main .notice" },
      { name: "flips", address: `${changed}/flips?run=v2.csv&split=all&against=v1.csv&against_split=all`, shows: "#special" },
      { name: "map-titanic", address: alone, shows: ".station" },
      { name: "compare-titanic", address: `${alone}/compare?column=Name`, shows: ".detail" },
      { name: "inputs-titanic", address: `${alone}/inputs`, shows: ".preview" },
      {
        name: "problem",
        address: `${alone}/inputs`,
        shows: "[role=alert]",
        scripted: true,
        open: async (page) => {
          await page.getByLabel("Threshold in use").fill("high");
          await page.getByRole("button", { name: "Run the checks" }).click();
          await page.waitForURL(/inputs$/);
          await expect(page.getByRole("alert")).toBeVisible();
        },
      },
    ]);
  });
});

test.describe("many investigations", () => {
  test.use({ apart: "many" });

  test("the list, narrowed and empty", async ({ page, browser, baseURL, request }) => {
    const demo = await made.diagnosed(request, { title: "Approvals fell since the new feed", model: "car-loan", author: "Ada", symptoms: ["accuracy_dropped"] }, made.demo());
    await made.diagnosed(request, { title: "Is the new service the same?", model: "car-loan", author: "Grace" }, made.faultless());
    const closed = await made.diagnosed(request, { title: "Customers of June", model: "churn" }, made.churn());
    await made.say(request, "post", `${closed}/close`, { text: "The campaign changed who is asked.", cause: "a campaign", author: "Ada" });
    const archived = await made.opened(request, { title: "A test", model: "" }, []);
    await made.say(request, "post", `${archived}/archive`, { author: "Ada" });
    await made.opened(request, { title: `A title of ${"many words and ".repeat(15)}no end`, model: "a-model-with-a-name-that-is-long-for-a-list", author: "A person with a long name" }, []);
    const [first] = await made.suspects(request, demo);
    await made.say(request, "put", `${demo}/decisions`, { suspect: first?.key, ruling: "confirmed", author: "Ada" });
    await hold({ page, browser, baseURL }, [
      { name: "home-list", address: "/", shows: ".investigation" },
      { name: "home-narrowed", address: "/?search=feed&owner=Ada&sort=title", shows: ".investigation" },
      { name: "home-narrowed-to-nothing", address: "/?search=zzz", shows: "[role=status]" },
      { name: "home-archived", address: "/?state=archived", shows: ".investigation" },
      { name: "start-stored", address: "/investigations/new", shows: "summary", open: (page) => page.getByText("Use stored files").click() },
    ]);
  });
});
