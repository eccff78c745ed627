import { join } from "node:path";
import { expect } from "@playwright/test";
import { ADMIN } from "../support/accounts";
import { ROOT, SpawnedProcess } from "../support/spawned-process";
import { test as base, signIn } from "../support/test";

const TEST_POSTGRES = join(ROOT, "target/debug/test-postgres");

const test = base.extend({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright requires a destructuring pattern here
  settings: async ({}, use, info) => {
    const postgres = new SpawnedProcess(TEST_POSTGRES, [], { env: process.env });
    const started = await Promise.race([postgres.waitForOutput(/^postgres:\S+$/m), postgres.waitForSuccess()]);
    // Without PostgreSQL it exits, with an error if PostgreSQL is required.
    info.skip(typeof started === "string", "no PostgreSQL");
    await use({ DATABASE_URL: started[0] as string, VESTIBULE_SECRET_KEY: "a secret key for the tests, 0123456789" });
    await postgres.closeInput();
  },
});

test("sign in, list sessions and sign out on PostgreSQL", async ({ page }) => {
  await page.goto("/");
  await signIn(page);
  await expect(page).toHaveURL("/admin/users");
  await page.getByRole("link", { name: "Sessions" }).click();
  await expect(page.getByText("This device")).toBeVisible();
  await page.getByRole("button", { name: /Your account/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await signIn(page, ADMIN);
  await expect(page).toHaveURL("/admin/users");
});
