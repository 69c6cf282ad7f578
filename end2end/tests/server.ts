// A real server for each file of tests: the binary that was built, its own data folder, its own port.
import { test as base, expect } from "@playwright/test";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export type Verb = "serve" | "demo";

export class Server {
  private child: ChildProcess | undefined;
  private readonly data = mkdtempSync(join(tmpdir(), "mismatch-end2end-"));
  private log = "";

  private constructor(
    readonly verb: Verb,
    readonly port: number,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  static async start(verb: Verb): Promise<Server> {
    const server = new Server(verb, await freePort());
    await server.launch();
    return server;
  }

  /** Starts the program on the same data folder, as after a crash. */
  async launch(): Promise<void> {
    const binary = process.env.MISMATCH_BINARY;
    if (!binary) throw new Error("MISMATCH_BINARY names no program; run the tests with `cargo xtask test`.");
    const address = `127.0.0.1:${this.port}`;
    this.child = spawn(binary, [this.verb, "--address", address, "--data", this.data], { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on("data", (bytes) => (this.log += bytes));
    const deadline = Date.now() + 60_000;
    while (Date.now() < deadline) {
      if (this.child.exitCode !== null) break;
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((wake) => setTimeout(wake, 100));
    }
    throw new Error(`the server did not become ready:\n${this.log}`);
  }

  /** Ends the program at once, as a power cut would. */
  async kill(): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((wake) => child.once("exit", wake));
    child.kill("SIGKILL");
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === "object" ? found(address.port) : failed(new Error("no port"))));
    });
  });
}

/** A test with a server of the given kind, shared by the tests of one file. */
export function testWith(verb: Verb) {
  return base.extend<object, { server: Server }>({
    server: [
      async ({}, use) => {
        const server = await Server.start(verb);
        await use(server);
        await server.stop();
      },
      { scope: "worker" },
    ],
    baseURL: async ({ server }, use) => use(server.url),
  });
}

/** A file of the repository. */
export function fixture(...path: string[]): string {
  return resolve(import.meta.dirname, "..", "..", ...path);
}

export { expect };
