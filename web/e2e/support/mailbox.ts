import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

const PATIENCE = 15_000;

/** The folder into which a server puts its mail. */
export class Mailbox {
  constructor(private readonly folder: string) {}

  /** Waits for a mail to this address with a link to this page; gives the link and takes the mail out. */
  async link(to: string, page: string): Promise<string> {
    const wanted = new RegExp(`https?://\\S+${page}#token=[^\\s<"]+`);
    const end = Date.now() + PATIENCE;
    while (Date.now() < end) {
      for (const { file, text } of await this.letters()) {
        const link = wanted.exec(text)?.[0];
        if (link && text.includes(`To: ${to}`)) {
          await rm(join(this.folder, file));
          return link;
        }
      }
      await setTimeout(100);
    }
    throw new Error(`no mail to ${to} with a link to ${page}`);
  }

  private async letters(): Promise<{ file: string; text: string }[]> {
    const files = await readdir(this.folder).catch(() => []);
    const whole = files.filter((file) => file.endsWith(".eml") && !file.startsWith("."));
    return Promise.all(
      whole.map(async (file) => ({ file, text: decoded(await readFile(join(this.folder, file), "utf8")) })),
    );
  }
}

/** Undoes quoted-printable (RFC 2045, section 6.7), as far as links need it. */
function decoded(text: string): string {
  return text
    .replace(/=\r?\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
