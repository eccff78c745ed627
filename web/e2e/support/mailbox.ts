import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

const TIMEOUT_MS = 15_000;

/** The folder to which a server writes its emails. */
export class Mailbox {
  constructor(private readonly folder: string) {}

  /** Waits for an email to `to` with a link to `page`. Returns the link and deletes the email. */
  async waitForLink(to: string, page: string): Promise<string> {
    const pattern = new RegExp(`https?://\\S+${page}#token=[^\\s<"]+`);
    const deadline = Date.now() + TIMEOUT_MS;
    while (Date.now() < deadline) {
      for (const { file, text } of await this.readEmails()) {
        const link = pattern.exec(text)?.[0];
        if (link && text.includes(`To: ${to}`)) {
          await rm(join(this.folder, file));
          return link;
        }
      }
      await setTimeout(100);
    }
    throw new Error(`no email to ${to} with a link to ${page}`);
  }

  private async readEmails(): Promise<{ file: string; text: string }[]> {
    const files = await readdir(this.folder).catch(() => []);
    const complete = files.filter((file) => file.endsWith(".eml") && !file.startsWith("."));
    return Promise.all(
      complete.map(async (file) => ({
        file,
        text: decodeQuotedPrintable(await readFile(join(this.folder, file), "utf8")),
      })),
    );
  }
}

/** Decodes quoted-printable (RFC 2045, section 6.7), as far as links require it. */
function decodeQuotedPrintable(text: string): string {
  return text
    .replace(/=\r?\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
