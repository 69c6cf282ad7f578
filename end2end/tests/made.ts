// Investigations that are made by the API, which takes a fraction of the time that clicking takes.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { APIRequestContext } from "@playwright/test";

import { expect, fixture } from "./server";

/** A file to send: its name, its bytes, and its role where it is not to be guessed. */
export interface Sent {
  name: string;
  bytes: Buffer;
  role?: string;
}

export function text(name: string, content: string, role?: string): Sent {
  return { name, bytes: Buffer.from(content), role };
}

/** A file that is no table, whatever its name says. */
export function picture(name: string): Sent {
  return { name, bytes: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 1]) };
}

/** A file of the repository. */
export function kept(path: string[], role?: string): Sent {
  const file = fixture(...path);
  return { name: basename(file), bytes: readFileSync(file), role };
}

/** The files of a well-known table, by name; each with its role where it is not to be guessed. */
export function known(folder: string, ...files: (string | [string, string])[]): Sent[] {
  return files.map((file) => {
    const [name, role] = typeof file === "string" ? [file, undefined] : file;
    return kept(["server", "tests", "fixtures", "known", folder, `${name}.csv.gz`], role);
  });
}

/** Customers with their predictions and the labels that came later, each in a file of its own. */
export function churn(): Sent[] {
  return known("churn", ["churn_train", "train"], ["churn_scoring", "serve"], ["predictions", "predictions"], ["labels_june", "labels"]);
}

/** The files of the demonstration. */
export function demo(): Sent[] {
  return ["train", "serve", "predictions"].map((role) => kept(["server", "service", "demo", `${role}.parquet`], role));
}

/** A file for each of the 23 items, in which all of them are as they should be. */
export function faultless(): Sent[] {
  const tables = ["train", "validation", "test", "serve", "offline", "run"].map((name) => `${name}.parquet`);
  const others = ["curve.csv", "log.jsonl.gz", "training_freeze.txt", "serving_freeze.txt", "observations.json"];
  return [...tables, ...others].map((name) => kept(["server", "engine", "fixtures", "items", name]));
}

/** A file as another tool wrote it, by the connector that reads it. */
export function byTool(connector: string, file: string): Sent {
  return kept(["server", "connectors", "fixtures", connector, file]);
}

/** Stores the files; role and id of each, as an investigation takes them. */
export async function stored(request: APIRequestContext, files: Sent[]): Promise<[string, string][]> {
  const inputs: [string, string][] = [];
  for (const { name, bytes, role } of files) {
    const headers = { "content-type": "application/octet-stream" };
    const made = await request.post("/api/v1/snapshots", { params: { name }, headers, data: bytes });
    expect(made.ok(), `${name}: ${await made.text()}`).toBe(true);
    const [{ id, guessed_role }] = await made.json();
    inputs.push([role ?? guessed_role, id]);
  }
  return inputs;
}

/** What an investigation is called and about. */
export interface About {
  title: string;
  model?: string;
  author?: string;
  symptoms?: string[];
  roles?: Record<string, string>;
}

/** Opens an investigation of the files; the address of its map. The checks are under way. */
export async function opened(request: APIRequestContext, about: About, files: Sent[]): Promise<string> {
  const inputs = await stored(request, files);
  const made = await request.post("/api/v1/investigations", { data: { ...about, inputs } });
  expect(made.ok(), await made.text()).toBe(true);
  return `/investigations/${(await made.json()).id}`;
}

/** Waits until the checks of an investigation are over, and says how they ended. */
export async function over(request: APIRequestContext, map: string): Promise<string> {
  const job = await (await request.get(`/api/v1${map}/job`)).json();
  // The stream of a job's events ends with the job.
  await request.get(`/api/v1/jobs/${job.id}/events`, { timeout: 120_000 });
  return (await (await request.get(`/api/v1${map}/job`)).json()).state;
}

/** Opens an investigation of the files and waits for its diagnosis; the address of its map. */
export async function diagnosed(request: APIRequestContext, about: About, files: Sent[]): Promise<string> {
  const map = await opened(request, about, files);
  expect(await over(request, map), about.title).toBe("done");
  return map;
}

/** Says something to the API about an investigation. */
export async function say(request: APIRequestContext, method: "put" | "post", address: string, data: unknown): Promise<any> {
  const answer = await request[method](`/api/v1${address}`, { data: data as object });
  expect(answer.ok(), `${address}: ${await answer.text()}`).toBe(true);
  return answer.json();
}

/** The suspects of the last diagnosis, the first first. */
export async function suspects(request: APIRequestContext, map: string): Promise<{ key: string; statement: string }[]> {
  const { suspects } = await (await request.get(`/api/v1${map}/diagnosis`)).json();
  // A suspect is known by its cause and its columns.
  return suspects.map((one: any) => ({ key: `${one.cause}(${one.columns.join(", ")})`, statement: one.statement }));
}

/** The secret page of a link that is made now. */
export async function shared(request: APIRequestContext, map: string): Promise<string> {
  const made = await say(request, "post", `${map}/share-links`, { expires_at_ms: null, author: "Ada" });
  return `/s/${made.secret}`;
}
