import { join } from "node:path";
import { expect } from "@playwright/test";
import { ADMIN } from "../support/people";
import { Program, ROOT } from "../support/program";
import { test as base, signIn } from "../support/test";

const LENDER = join(ROOT, "target/debug/test-postgres");

const test = base.extend({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from it what a fixture needs
  settings: async ({}, use, info) => {
    const lender = new Program(LENDER, [], { env: process.env });
    const lent = await Promise.race([lender.until(/^postgres:\S+$/m), lender.succeed()]);
    // It fails where PostgreSQL is required, and otherwise says that there is none.
    info.skip(typeof lent === "string", "no PostgreSQL");
    await use({ DATABASE_URL: lent[0] as string, VESTIBULE_SECRET_KEY: "a secret key for the tests, 0123456789" });
    await lender.closeInput();
  },
});

test("on PostgreSQL people sign in, look around and sign out", async ({ page }) => {
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
