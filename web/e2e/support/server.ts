import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Api } from "./api";
import { Mailbox } from "./mailbox";
import { ADMIN, PASSWORD } from "./people";
import { environment, freePort, Program, VESTIBULE } from "./program";

/** Settings by their names in the environment; an empty one takes a default back. */
export type Settings = Readonly<Record<string, string>>;

/** Cheap hashes and no throttle, so that tests are quick; mail in files, so that they can read it. */
const DEFAULTS: Settings = {
  VESTIBULE_MANAGEMENT_ADDR: "off",
  VESTIBULE_BCRYPT_COST: "4",
  VESTIBULE_RATE_LIMITS: "off",
  VESTIBULE_ADMIN_EMAIL: ADMIN,
  VESTIBULE_ADMIN_PASSWORD: PASSWORD,
};

/** The real program on a database of its own, in a folder of its own. */
export class Server {
  private program: Program | null = null;

  private constructor(
    readonly url: string,
    private readonly folder: string,
    private readonly settings: Settings,
  ) {}

  /** Starts one with an administrator, {@link ADMIN}. */
  static async start(settings: Settings = {}): Promise<Server> {
    const folder = await mkdtemp(join(tmpdir(), "vestibule-e2e-"));
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const all = {
      ...DEFAULTS,
      VESTIBULE_ADDR: `127.0.0.1:${port}`,
      VESTIBULE_PUBLIC_URL: url,
      VESTIBULE_MAIL_URL: `file:${join(folder, "mail")}`,
      ...settings,
    };
    const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
    const server = new Server(url, folder, given);
    await server.run();
    return server;
  }

  /** What it has logged since it was last started. */
  get log(): string {
    return this.program?.output ?? "";
  }

  /** The mail that it has sent. */
  get mail(): Mailbox {
    return new Mailbox(join(this.folder, "mail"));
  }

  /** The link that makes the first administrator. */
  async setupLink(): Promise<string> {
    const match = await this.running.until(/http\S+\/setup#token=\S+/);
    return match[0];
  }

  /** Its API, in the name of the administrator. */
  async asAdmin(): Promise<Api> {
    return Api.signIn(this.url, ADMIN, PASSWORD);
  }

  /** Runs one of its commands to the end; gives what it printed. */
  async command(...args: string[]): Promise<string> {
    return this.spawn(args).succeed();
  }

  /** Ends it, as an operator would, and leaves its data. */
  async halt(): Promise<void> {
    await this.running.terminate();
    this.program = null;
  }

  /** Starts it again on its data. */
  async run(): Promise<void> {
    this.program = this.spawn([]);
    await this.program.until(/listening on/);
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    if (this.program) await this.halt();
    await rm(this.folder, { recursive: true });
  }

  private get running(): Program {
    if (!this.program) throw new Error("the server does not run");
    return this.program;
  }

  private spawn(args: string[]): Program {
    return new Program(VESTIBULE, args, { cwd: this.folder, env: environment(this.settings), input: "" });
  }
}
