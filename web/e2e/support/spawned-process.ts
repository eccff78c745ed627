import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "../../..");

/** The server binary under test; defaults to the output of `cargo build`. */
export const VESTIBULE = process.env.VESTIBULE_BIN ?? join(ROOT, "target/debug/vestibule");

/** Returns an unused local port. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Returns the current environment with the given settings instead of the inherited ones. */
export function buildEnv(settings: Record<string, string>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VESTIBULE_|DATABASE_URL|RUST_LOG)/.test(name));
  return { ...Object.fromEntries(inherited), ...settings };
}

/** A child process with its output. */
export class SpawnedProcess {
  private text = "";
  private readonly listeners = new Set<() => void>();
  private readonly exited: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(
    command: string,
    args: readonly string[],
    options: { cwd?: string; env: NodeJS.ProcessEnv; input?: string },
  ) {
    this.child = spawn(command, args, { cwd: options.cwd, env: options.env, stdio: "pipe" });
    if (options.input !== undefined) this.child.stdin?.end(options.input);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on("data", (data: Buffer) => {
        this.text += data.toString();
        for (const listener of this.listeners) listener();
      });
    }
    this.exited = new Promise((resolve, reject) => {
      this.child.once("error", reject);
      this.child.once("close", (code) => resolve(code));
    });
    // Prevents an unhandled rejection before the exit is awaited.
    this.exited.catch(() => {});
  }

  /** The output so far, of both streams. */
  get output(): string {
    return this.text;
  }

  /** Waits for output that matches the pattern. */
  async waitForOutput(pattern: RegExp): Promise<RegExpExecArray> {
    const found = new Promise<RegExpExecArray>((resolve) => {
      const check = () => {
        const match = pattern.exec(this.text);
        if (match) {
          this.listeners.delete(check);
          resolve(match);
        }
      };
      this.listeners.add(check);
      check();
    });
    const exited = this.exited.then((code) => {
      throw new Error(`exited with ${code} before it printed ${pattern}:\n${this.text}`);
    });
    return Promise.race([found, exited]);
  }

  /** Waits for a successful exit and returns the output. */
  async waitForSuccess(): Promise<string> {
    const code = await this.exited;
    if (code !== 0) throw new Error(`exited with ${code}:\n${this.text}`);
    return this.text;
  }

  /** Sends SIGTERM and expects a graceful shutdown. */
  async terminate(): Promise<void> {
    this.child.kill("SIGTERM");
    await this.waitForSuccess();
  }

  /** Terminates the process and ignores its exit code. */
  async kill(): Promise<void> {
    this.child.kill();
    await this.exited;
  }

  /** Closes stdin, which makes the process exit. */
  async closeInput(): Promise<void> {
    this.child.stdin?.end();
    await this.waitForSuccess();
  }
}
