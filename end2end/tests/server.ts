// Real servers: the binary that was built, each with its own data folder and its own port. Every worker of the suite
// starts its own, so that tests in different workers can't meet.
import { test as base, expect } from "@playwright/test";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** `demo` has the finished example investigation, `serve` starts empty, `team` too, with accounts. */
export type Verb = "serve" | "demo" | "team";

const PATIENCE = 60_000;
const READY = /Mismatch is at http:\/\/(127\.0\.0\.1:\d+)/;

const CODE = /with the code ([0-9A-Z-]{19})/;

export class Server {
  private child: ChildProcess | undefined;
  private readonly data = mkdtempSync(join(tmpdir(), "mismatch-end2end-"));
  private log = "";
  /** Any free port at first; the same one when the program is started again. */
  private address = "127.0.0.1:0";

  private constructor(
    readonly verb: Verb,
    private readonly more: string[],
  ) {}

  get url(): string {
    return `http://${this.address}`;
  }

  /** The code for the first account, which the program prints at its start. */
  async code(): Promise<string> {
    await expect(() => expect(this.log).toMatch(CODE)).toPass();
    return CODE.exec(this.log)?.[1] ?? "";
  }

  /** `more` are further options; with an address among them, it is the one. */
  static async start(verb: Verb, more: string[] = []): Promise<Server> {
    const server = new Server(verb, more);
    try {
      await server.launch();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** Starts the program on the same data folder, as after a crash. */
  async launch(): Promise<void> {
    const binary = process.env.MISMATCH_BINARY;
    if (!binary) throw new Error("MISMATCH_BINARY names no program; run the tests with `cargo xtask test`.");
    // What tests link to is on this machine too.
    const here = this.more.includes("--address") ? [] : ["--address", this.address];
    const options = [...here, "--data", this.data, "--allow-private-addresses", ...this.more];
    const verb = this.verb === "team" ? ["serve", "--accounts"] : [this.verb];
    const child = spawn(binary, [...verb, ...options], { stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    this.log = "";
    this.address = await new Promise((ready, failed) => {
      const give = (why: string) => {
        clearTimeout(timer);
        failed(new Error(`the server ${why}:\n${this.log}`));
      };
      const timer = setTimeout(() => give("did not become ready"), PATIENCE);
      child.once("error", (error) => give(`did not start: ${error.message}`));
      child.once("exit", () => give("ended"));
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on("data", (bytes) => {
          this.log += bytes;
          const [, address] = READY.exec(this.log) ?? [];
          if (!address) return;
          clearTimeout(timer);
          ready(address);
        });
      }
    });
  }

  /** Ends the program at once, as a power cut would. */
  async kill(): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((wake) => child.once("exit", wake));
    child.kill("SIGKILL");
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }
}

/** The servers of one worker: one of each kind, started when a test first asks for it. */
class Servers {
  private readonly started = new Map<string, Promise<Server>>();

  of(verb: Verb, apart: string): Promise<Server> {
    const key = `${verb} ${apart}`;
    const server = this.started.get(key) ?? Server.start(verb);
    this.started.set(key, server);
    return server;
  }

  async stop(): Promise<void> {
    for (const started of await Promise.allSettled(this.started.values())) {
      if (started.status === "fulfilled") await started.value.stop();
    }
  }
}

/**
 * A test with a server of the kind that `test.use({ verb })` names. Other tests use the same one, before and after: no
 * test may rest on what another did. It is one object for all files, because a worker with other fixtures is another worker.
 * `test.use({ apart })` names a server that only tests with that name use: what is found in the training data depends on the
 * test sets that were diagnosed before.
 */
export const test = base.extend<{ verb: Verb; apart: string; server: Server }, { servers: Servers }>({
  servers: [
    async ({}, use) => {
      const servers = new Servers();
      await use(servers);
      await servers.stop();
    },
    { scope: "worker" },
  ],
  verb: ["serve", { option: true }],
  apart: ["", { option: true }],
  server: async ({ servers, verb, apart }, use) => use(await servers.of(verb, apart)),
  baseURL: async ({ server }, use) => use(server.url),
});

/** A file of the repository. */
export function fixture(...path: string[]): string {
  return resolve(import.meta.dirname, "..", "..", ...path);
}

export { expect };
