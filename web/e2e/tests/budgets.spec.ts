import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { ROOT } from "../support/program";
import { enter, test } from "../support/test";

const ASSETS = join(ROOT, "web/app/dist/assets");

/** In bytes, compressed with gzip. */
const BUDGETS = { signIn: 145_000, admin: 200_000, lazyChunk: 50_000, styles: 12_000 };

/** The size of a built file as it travels to a browser that knows no better than gzip. */
function size(name: string): number {
  const compressed = readdirSync(ASSETS).includes(`${name}.gz`) ? `${name}.gz` : name;
  return statSync(join(ASSETS, compressed)).size;
}

const total = (names: Iterable<string>) => [...names].reduce((sum, name) => sum + size(name), 0);

/** Collects the scripts that a page loads. */
function scripts(page: Page): Set<string> {
  const loaded = new Set<string>();
  page.on("request", (request) => {
    const name = /\/assets\/([^/]+\.js)$/.exec(request.url())?.[1];
    if (name) loaded.add(name);
  });
  return loaded;
}

test("what the pages load is small", async ({ page, context, server }, info) => {
  const loaded = scripts(page);
  await page.goto("/sign-in", { waitUntil: "networkidle" });
  const forSignIn = new Set(loaded);
  await enter(context, server);
  loaded.clear();
  await page.goto("/admin/users", { waitUntil: "networkidle" });
  await expect(page.getByRole("heading", { name: "Users" })).toBeVisible();
  const forAdmin = new Set(loaded);
  const built = readdirSync(ASSETS);
  const lazy = built.filter((name) => name.endsWith(".js") && !forSignIn.has(name));
  const largest = Math.max(...lazy.map(size));
  const sizes = {
    signIn: total(forSignIn),
    admin: total(forAdmin),
    lazyChunk: largest,
    styles: total(built.filter((name) => name.endsWith(".css"))),
  };
  info.annotations.push({ type: "gzip sizes", description: JSON.stringify(sizes) });
  expect(forSignIn.size).toBeGreaterThan(0);
  for (const [name, budget] of Object.entries(BUDGETS)) {
    expect.soft(sizes[name as keyof typeof BUDGETS], name).toBeLessThanOrEqual(budget);
  }
});
