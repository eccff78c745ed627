import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT, SpawnedProcess } from "../support/spawned-process";

const run = promisify(execFile);

/** The host in the documented configurations. */
export const HOST = "id.example.com";

/** The Debian packages of the proxies, which are also the languages of their configurations in the documentation. */
export type ProxyName = "nginx" | "caddyfile" | "haproxy" | "apache";

const APACHE_MODULES = "mpm_event authz_core ssl proxy proxy_http headers filter deflate socache_shmcb";

/** A proxy with the documented configuration, and a certificate that it signs itself. */
export class ProxyServer {
  private constructor(
    private readonly process: SpawnedProcess,
    private readonly folder: string,
  ) {}

  /** Starts a proxy that listens on a port and forwards to a port of the server. */
  static async start(name: ProxyName, port: number, serverPort: number): Promise<ProxyServer> {
    const folder = await mkdtemp(join(tmpdir(), "vestibule-proxy-"));
    const certificate = join(folder, "certificate.pem");
    const key = join(folder, "key.pem");
    await createCertificate(certificate, key);
    const combined = join(folder, "combined.pem");
    await writeFile(combined, (await readFile(certificate, "utf8")) + (await readFile(key, "utf8")));
    const documented = (await documentedConfiguration(name))
      .replaceAll("/etc/ssl/id.example.com.combined.pem", combined)
      .replaceAll("/etc/ssl/id.example.com.pem", certificate)
      .replaceAll("/etc/ssl/id.example.com.key", key)
      .replaceAll("127.0.0.1:8000", `127.0.0.1:${serverPort}`)
      .replaceAll(/(?<=listen |:)443\b/g, String(port));
    const file = join(folder, "proxy.conf");
    const [configuration, command] = complete(name, documented, { folder, file, port, certificate, key });
    await writeFile(file, configuration);
    const proxy = new ProxyServer(new SpawnedProcess(command[0] ?? "", command.slice(1), { env: process.env }), folder);
    await proxy.waitForPort(port);
    return proxy;
  }

  /** Stops the proxy. */
  async stop(): Promise<void> {
    await this.process.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async waitForPort(port: number): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt++) {
      if (await isOpen(port)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the proxy does not listen:\n${this.process.output}`);
  }
}

/** Returns the code block of a proxy in the documentation. */
async function documentedConfiguration(name: ProxyName): Promise<string> {
  const page = await readFile(join(ROOT, "docs/behind-a-proxy.md"), "utf8");
  const block = new RegExp(`^\`\`\`${name}\\n([^]*?)^\`\`\``, "m").exec(page);
  if (!block?.[1]) throw new Error(`no configuration of ${name}`);
  return block[1];
}

interface Paths {
  readonly folder: string;
  readonly file: string;
  readonly port: number;
  readonly certificate: string;
  readonly key: string;
}

/** Adds what the Debian package configures elsewhere. Returns the configuration and the command that runs the proxy. */
function complete(name: ProxyName, documented: string, paths: Paths): [string, string[]] {
  const { folder, file, port, certificate, key } = paths;
  switch (name) {
    case "nginx":
      return [
        `pid ${folder}/pid;\nerror_log ${folder}/error.log;\nevents {}\nhttp {\naccess_log off;\n${documented}}\n`,
        ["nginx", "-c", file, "-p", folder, "-g", "daemon off;"],
      ];
    case "caddyfile":
      return [
        `{\nadmin off\nauto_https disable_redirects\n}\n${documented.replace(
          `${HOST} {`,
          `${HOST}:${port} {\n    tls ${certificate} ${key}`,
        )}`,
        ["caddy", "run", "--adapter", "caddyfile", "--config", file],
      ];
    case "haproxy":
      return [documented, ["haproxy", "-f", file]];
    case "apache": {
      const modules = APACHE_MODULES.split(" ").map(
        (module) => `LoadModule ${module}_module /usr/lib/apache2/modules/mod_${module}.so`,
      );
      const user = ["User www-data", "Group www-data"];
      const base = [
        ...user,
        `ServerRoot ${folder}`,
        `PidFile ${folder}/pid`,
        `ErrorLog ${folder}/error.log`,
        `Listen ${port}`,
      ];
      return [`${[...modules, ...base].join("\n")}\n${documented}`, ["apache2", "-D", "FOREGROUND", "-f", file]];
    }
  }
}

async function createCertificate(certificate: string, key: string): Promise<void> {
  const options = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", `/CN=${HOST}`];
  const names = ["-addext", `subjectAltName=DNS:${HOST}`];
  await run("openssl", ["req", "-x509", ...options, ...names, "-keyout", key, "-out", certificate]);
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.end();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
