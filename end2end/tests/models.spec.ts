// A model that only its members see, a role that holds in one model, and an investigation that leaves as a file and comes back.
import { browserOf, invited, made } from "./accounts";
import { start } from "./investigate";
import { hold } from "./screen";
import { expect, fixture, test } from "./server";

test.use({ verb: "team", apart: "models" });

const demo = ["train", "serve", "predictions"].map((name) => fixture("server", "service", "demo", `${name}.parquet`));

test("a model is closed to all but its members, and one of its investigations is taken elsewhere", async ({ browser, baseURL, server }) => {
  const complaints: string[] = [];
  const [adas, ada] = await browserOf(browser, baseURL, complaints);
  const [alans, alan] = await browserOf(browser, baseURL, complaints);
  await ada.goto("/set-up");
  await ada.getByLabel("Code").fill(await server.code());
  await made(ada, "Ada Lovelace", "Make the first account");
  await alan.goto(await invited(ada, "viewer"));
  await made(alan, "Alan Turing", "Make the account");

  await start(ada, "Approvals fell", demo);
  await expect(ada.locator(".station")).toHaveCount(7, { timeout: 60_000 });
  const map = new URL(ada.url()).pathname;
  await alan.goto(map);
  await expect(alan.locator(".station")).toHaveCount(7);

  // Closed, it is not there for who is not a member.
  await ada.goto("/people");
  await ada.getByRole("link", { name: "Who sees car-loan" }).click();
  await ada.getByRole("combobox", { name: "Who sees it" }).selectOption("members");
  await ada.getByRole("button", { name: "Save" }).click();
  const address = new URL(ada.url());
  await hold({ page: ada, browser, baseURL }, [{ name: "model", address: address.pathname + address.search, shows: "#roles", scripted: true }]);
  expect((await alan.goto(map))?.status()).toBe(404);
  await alan.goto("/");
  await expect(alan.locator("main")).not.toContainText("Approvals fell");

  // As a member who edits, he does what a viewer elsewhere can't.
  await ada.goto(address.pathname + address.search);
  await ada.getByLabel("Role of Alan Turing in this model").selectOption("editor");
  await ada.getByRole("button", { name: "Give Alan Turing this role" }).click();
  await alan.goto(map);
  await alan.getByLabel("Note", { exact: true }).fill("Seen by a member.");
  await alan.getByRole("button", { name: "Add note" }).click();
  await expect(alan.locator(".notes")).toContainText("Seen by a member.");

  // It leaves as one file and comes back as another investigation, with what was said in it.
  await ada.goto(map);
  await ada.getByText("Rename, edit, export, archive or delete").click();
  const download = ada.waitForEvent("download");
  await ada.getByRole("link", { name: "Export with its files" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("approvals-fell.mismatch.zip");
  await ada.goto("/investigations/new");
  await ada.getByText("Import an investigation that was exported").click();
  await ada.getByLabel("File (.mismatch.zip)").setInputFiles(await file.path());
  await ada.getByRole("button", { name: "Import" }).click();
  await expect(ada.locator(".station")).toHaveCount(7, { timeout: 60_000 });
  expect(new URL(ada.url()).pathname).not.toBe(map);
  await expect(ada.locator(".notes")).toContainText("Alan Turing (imported)");
  await expect(ada.locator(".timeline")).toContainText("imported it, as it was exported on");

  expect(complaints).toEqual([]);
  for (const context of [adas, alans]) await context.close();
});
