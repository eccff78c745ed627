import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ADMIN, PASSWORD } from "./accounts";
import { Api } from "./api";
import { Mailbox } from "./mailbox";
import { buildEnv, findFreePort, SpawnedProcess, VESTIBULE } from "./spawned-process";

/** Environment variables of the server. An empty string removes a test default. */
export type Settings = Readonly<Record<string, string>>;

/** Cheap password hashes and no rate limits, to keep the tests fast. */
const DEFAULTS: Settings = {
  VESTIBULE_MANAGEMENT_ADDR: "off",
  VESTIBULE_BCRYPT_COST: "4",
  VESTIBULE_RATE_LIMITS: "off",
  VESTIBULE_ADMIN_EMAIL: ADMIN,
  VESTIBULE_ADMIN_PASSWORD: PASSWORD,
};

/** A server process with its own database and mail folder. */
export class Server {
  private process: SpawnedProcess | null = null;

  private constructor(
    readonly url: string,
    private readonly folder: string,
    private readonly settings: Settings,
  ) {}

  /** Starts a server with the administrator {@link ADMIN}. */
  static async create(settings: Settings = {}): Promise<Server> {
    const folder = await mkdtemp(join(tmpdir(), "vestibule-e2e-"));
    const port = await findFreePort();
    const url = `http://localhost:${port}`;
    const merged = {
      ...DEFAULTS,
      VESTIBULE_ADDR: `127.0.0.1:${port}`,
      VESTIBULE_PUBLIC_URL: url,
      VESTIBULE_MAIL_URL: `file:${join(folder, "mail")}`,
      ...settings,
    };
    const present = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ""));
    const server = new Server(url, folder, present);
    await server.start();
    return server;
  }

  /** The log since the last start. */
  get log(): string {
    return this.process?.output ?? "";
  }

  /** The emails that the server has sent. */
  get mailbox(): Mailbox {
    return new Mailbox(join(this.folder, "mail"));
  }

  /** Returns the setup link from the output. */
  async setupLink(): Promise<string> {
    const match = await this.running.waitForOutput(/http\S+\/setup#token=\S+/);
    return match[0];
  }

  /** Returns an API client signed in as the administrator. */
  async signInAsAdmin(): Promise<Api> {
    return Api.signIn(this.url, ADMIN, PASSWORD);
  }

  /** Runs a CLI command and returns its output. */
  async runCommand(...args: string[]): Promise<string> {
    return this.spawn(args).waitForSuccess();
  }

  /** Shuts the server down and keeps its data. */
  async stop(): Promise<void> {
    await this.running.terminate();
    this.process = null;
  }

  /** Starts the server with its existing data. */
  async start(): Promise<void> {
    this.process = this.spawn([]);
    await this.process.waitForOutput(/listening on/);
  }

  /** Stops the server and deletes its data. */
  async dispose(): Promise<void> {
    if (this.process) await this.stop();
    await rm(this.folder, { recursive: true });
  }

  private get running(): SpawnedProcess {
    if (!this.process) throw new Error("the server is not running");
    return this.process;
  }

  private spawn(args: string[]): SpawnedProcess {
    return new SpawnedProcess(VESTIBULE, args, { cwd: this.folder, env: buildEnv(this.settings), input: "" });
  }
}
