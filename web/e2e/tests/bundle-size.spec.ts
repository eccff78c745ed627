import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { ROOT } from "../support/spawned-process";
import { signInViaApi, test } from "../support/test";

const ASSETS = join(ROOT, "web/app/dist/assets");

/** The maximum sizes in bytes, compressed with gzip. */
const BUDGETS = { signIn: 147_000, admin: 200_000, lazyChunk: 50_000, styles: 12_000 };

/** Returns the transfer size of a built file for a browser that supports only gzip. */
function size(name: string): number {
  const compressed = readdirSync(ASSETS).includes(`${name}.gz`) ? `${name}.gz` : name;
  return statSync(join(ASSETS, compressed)).size;
}

const total = (names: Iterable<string>) => [...names].reduce((sum, name) => sum + size(name), 0);

/** Collects the names of the scripts that a page loads. */
function collectScripts(page: Page): Set<string> {
  const loaded = new Set<string>();
  page.on("request", (request) => {
    const name = /\/assets\/([^/]+\.js)$/.exec(request.url())?.[1];
    if (name) loaded.add(name);
  });
  return loaded;
}

test("bundle sizes are within budget", async ({ page, context, server }, info) => {
  const loaded = collectScripts(page);
  await page.goto("/sign-in", { waitUntil: "networkidle" });
  const signInScripts = new Set(loaded);
  await signInViaApi(context, server);
  loaded.clear();
  await page.goto("/admin/users", { waitUntil: "networkidle" });
  await expect(page.getByRole("heading", { name: "Users" })).toBeVisible();
  const adminScripts = new Set(loaded);
  const built = readdirSync(ASSETS);
  const lazy = built.filter((name) => name.endsWith(".js") && !signInScripts.has(name));
  const largest = Math.max(...lazy.map(size));
  const sizes = {
    signIn: total(signInScripts),
    admin: total(adminScripts),
    lazyChunk: largest,
    styles: total(built.filter((name) => name.endsWith(".css"))),
  };
  info.annotations.push({ type: "gzip sizes", description: JSON.stringify(sizes) });
  expect(signInScripts.size).toBeGreaterThan(0);
  for (const [name, budget] of Object.entries(BUDGETS)) {
    expect.soft(sizes[name as keyof typeof BUDGETS], name).toBeLessThanOrEqual(budget);
  }
});
