import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "../../..");

/** The program under test, as `cargo build` leaves it. */
export const VESTIBULE = process.env.VESTIBULE_BIN ?? join(ROOT, "target/debug/vestibule");

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** The environment without the settings of whoever runs the tests. */
export function environment(settings: Record<string, string>): NodeJS.ProcessEnv {
  const theirs = Object.entries(process.env).filter(([name]) => !/^(VESTIBULE_|DATABASE_URL|RUST_LOG)/.test(name));
  return { ...Object.fromEntries(theirs), ...settings };
}

/** A program that runs, and what it has printed so far. */
export class Program {
  private printed = "";
  private readonly listeners = new Set<() => void>();
  private readonly ended: Promise<number | null>;
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
        this.printed += data.toString();
        for (const listener of this.listeners) listener();
      });
    }
    this.ended = new Promise((done, failed) => {
      this.child.once("error", failed);
      this.child.once("close", (code) => done(code));
    });
    // Whoever awaits the end is told; until then it is no unhandled rejection.
    this.ended.catch(() => {});
  }

  get output(): string {
    return this.printed;
  }

  /** Waits until it has printed something like this. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    const found = new Promise<RegExpExecArray>((done) => {
      const look = () => {
        const match = pattern.exec(this.printed);
        if (match) {
          this.listeners.delete(look);
          done(match);
        }
      };
      this.listeners.add(look);
      look();
    });
    const over = this.ended.then((code) => {
      throw new Error(`ended with ${code} before it printed ${pattern}:\n${this.printed}`);
    });
    return Promise.race([found, over]);
  }

  /** Waits for its end, which must be a good one. */
  async succeed(): Promise<string> {
    const code = await this.ended;
    if (code !== 0) throw new Error(`ended with ${code}:\n${this.printed}`);
    return this.printed;
  }

  /** Lets it end as an operator would. */
  async terminate(): Promise<void> {
    this.child.kill("SIGTERM");
    await this.succeed();
  }

  /** Ends it, however it takes that. */
  async kill(): Promise<void> {
    this.child.kill();
    await this.ended;
  }

  /** Has it end by closing what it reads. */
  async closeInput(): Promise<void> {
    this.child.stdin?.end();
    await this.succeed();
  }
}
