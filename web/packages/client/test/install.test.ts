import { execFile } from "node:child_process";
import { access, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import manifest from "../package.json" with { type: "json" };

const run = promisify(execFile);
const root = fileURLToPath(new URL("../", import.meta.url));
const web = fileURLToPath(new URL("../../../", import.meta.url));
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const MINUTE = 60_000;
let project: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "vestibule-client-"));
  await rm(join(root, "dist"), { recursive: true, force: true });
  const { stdout } = await run(
    "npm",
    "run --silent pack:client -- --json --pack-destination".split(" ").concat(project),
    {
      cwd: web,
    },
  );
  await writeFile(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await install(`./${JSON.parse(stdout)[0].filename}`);
}, 3 * MINUTE);

afterAll(() => rm(project, { recursive: true, force: true }));

const install = (...packages: string[]) =>
  run("npm", ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", ...packages], {
    cwd: project,
  });

const moduleOptions = {
  nodenext: "--module nodenext --moduleResolution nodenext",
  bundler: "--module esnext --moduleResolution bundler",
};

/** Type-checks files in the project, including the declarations that they import. Returns the compiler output. */
async function check(files: Record<string, string>, resolution: keyof typeof moduleOptions = "nodenext") {
  for (const [name, text] of Object.entries(files)) await writeFile(join(project, name), text);
  const options = `--noEmit --strict --target es2022 --lib es2023,dom,dom.iterable --jsx react-jsx ${moduleOptions[resolution]}`;
  const { stdout } = await run(process.execPath, [tsc, ...options.split(" "), ...Object.keys(files)], {
    cwd: project,
  }).catch(({ stdout }: { stdout: string }) => ({ stdout }));
  return stdout;
}

it(
  "installs without dependencies, and a program that uses it ends by itself",
  async () => {
    const installed = await readdir(join(project, "node_modules"));
    expect(installed.filter((name) => !name.startsWith("."))).toEqual(["@vestibule"]);
    const program = `
    import { createClient, isProblem, memoryTokens } from "@vestibule/client";
    const client = createClient({ baseUrl: "http://localhost:1", transport: "body", storage: memoryTokens() });
    const error = await client.getSettings().catch((error) => error);
    console.log(error.name, isProblem(error), typeof client.listUsers);`;
    await writeFile(join(project, "program.js"), program);
    const { stdout } = await run(process.execPath, ["program.js"], { cwd: project });
    expect(stdout.trim()).toBe("NetworkError false function");
  },
  MINUTE,
);

it("contains all that its exports and its source maps refer to", async () => {
  const installed = join(project, "node_modules/@vestibule/client");
  for (const target of Object.values(manifest.exports).flatMap(Object.values)) await access(join(installed, target));
  const map = JSON.parse(await readFile(join(installed, "dist/index.d.ts.map"), "utf8"));
  for (const source of map.sources) await access(join(installed, "dist", source));
});

it("marks the modules with hooks as client modules of Next.js", async () => {
  const dist = join(project, "node_modules/@vestibule/client/dist");
  const scripts = await readdir(dist, { recursive: true });
  for (const name of scripts.filter((name) => name.endsWith(".js"))) {
    const text = await readFile(join(dist, name), "utf8");
    if (/\buse[A-Z]\w*\(/.test(text)) expect(text, name).toMatch(/^"use client";\n/);
  }
});

it(
  "type-checks the README examples against the installed package",
  async () => {
    const { react, "@types/react": types, "@tanstack/react-query": query } = manifest.devDependencies;
    await install(`react@${react}`, `@types/react@${types}`, `@tanstack/react-query@${query}`);
    const readme = await readFile(join(root, "README.md"), "utf8");
    const blocks = [...readme.matchAll(/```(tsx?)\n(.*?)```/gs)];
    const files = Object.fromEntries(
      blocks.map(([, extension, code], index) => [`readme-${index}.${extension}`, code ?? ""]),
    );
    expect(blocks.length).toBeGreaterThanOrEqual(4);
    expect(await check(files, "nodenext")).toBe("");
    expect(await check(files, "bundler")).toBe("");
    expect(
      await check({ "wrong.ts": 'import { createClient } from "@vestibule/client"; createClient({ base: 1 });' }),
    ).toContain("'base' does not exist");
  },
  3 * MINUTE,
);
