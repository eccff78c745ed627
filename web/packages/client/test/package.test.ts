import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { build, type LibraryOptions } from "vite";
import { expect, it } from "vitest";
import { generate } from "../scripts/generate.mjs";

const root = new URL("../", import.meta.url);

it("has generated files that match the OpenAPI document", async () => {
  for (const [path, text] of Object.entries(await generate())) {
    const stale = (await readFile(new URL(path, root), "utf8")) !== text;
    expect(stale, `${path} is stale: run \`npm run generate\` in web/packages/client`).toBe(false);
  }
});

/** Bundles an entry without its peer dependencies and its routes, whose size depends on the number of resources. */
async function bundle(lib: LibraryOptions) {
  const withoutRoutes = {
    name: "without-routes",
    load: (id: string) => (id.endsWith("routes.gen.ts") ? "export const routes = {};" : null),
  };
  const result = await build({
    root: root.pathname,
    configFile: false,
    logLevel: "silent",
    plugins: [withoutRoutes],
    build: { write: false, minify: true, lib, rollupOptions: { external: [/^react/] } },
  });
  const chunks = [result].flat().flatMap((output) => ("output" in output ? output.output : []));
  return chunks.flatMap((chunk) => ("code" in chunk ? [chunk] : []));
}

it("is at most 4.4 kB compressed", async () => {
  const chunks = await bundle({ entry: "src/index.ts", name: "vestibule", formats: ["iife"] });
  const code = chunks.map((chunk) => chunk.code).join("");
  expect(code).toContain("X-Requested-With");
  expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(4_400);
});

it("loads the code that uses passkeys on demand", async () => {
  const chunks = await bundle({ entry: "src/react/index.ts", formats: ["es"] });
  const usingPasskeys = chunks.filter(({ code }) => code.includes("navigator.credentials"));
  expect(usingPasskeys).toHaveLength(1);
  expect(usingPasskeys.map(({ isDynamicEntry }) => isDynamicEntry)).toEqual([true]);
  const entry = chunks.find(({ isEntry }) => isEntry);
  expect(entry?.imports).not.toContain(usingPasskeys[0]?.fileName);
});
