import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { expect, it } from "vitest";
import { generate } from "../scripts/generate.mjs";

const root = new URL("../", import.meta.url);

it("has generated files that match the OpenAPI document", async () => {
  for (const [path, text] of Object.entries(await generate())) {
    const stale = (await readFile(new URL(path, root), "utf8")) !== text;
    expect(stale, `${path} is stale: run \`npm run generate\` in web/packages/client`).toBe(false);
  }
});

it("is at most 4.1 kB compressed", async () => {
  // Its size would depend on the number of resources.
  const withoutRoutes = {
    name: "without-routes",
    load: (id: string) => (id.endsWith("routes.gen.ts") ? "export const routes = {};" : null),
  };
  const bundle = await build({
    root: root.pathname,
    configFile: false,
    logLevel: "silent",
    plugins: [withoutRoutes],
    build: { write: false, minify: true, lib: { entry: "src/index.ts", name: "vestibule", formats: ["iife"] } },
  });
  const chunks = [bundle].flat().flatMap((output) => ("output" in output ? output.output : []));
  const code = chunks.map((chunk) => ("code" in chunk ? chunk.code : "")).join("");
  expect(code).toContain("X-Requested-With");
  expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(4_100);
});
