import { expect } from "@playwright/test";
import { ADMIN, PASSWORD } from "../support/people";
import { test } from "../support/test";

test("an account is made, and signed in at once", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Create an account" }).click();
  await expect(page.getByRole("heading", { name: "Create an account" })).toBeVisible();
  await page.getByLabel("Email").fill("grace@example.com");
  await page.getByLabel("Name").fill("Grace Hopper");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page).toHaveURL("/account");
  await expect(page.getByLabel("Name")).toHaveValue("Grace Hopper");
});

test("an address that is taken says so at the field, with the way to sign in", async ({ page, watch }) => {
  watch.expectRefusal(/^400 POST \/api\/users$/);
  await page.goto("/sign-up");
  await page.getByLabel("Email").fill(ADMIN.toUpperCase());
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByLabel("Email")).toHaveAccessibleDescription(/has an account already/);
  await page.getByRole("link", { name: "Sign in" }).first().click();
  await expect(page).toHaveURL(/\/sign-in/);
});

test("a password that everybody takes is refused at the field", async ({ page, watch }) => {
  watch.expectRefusal(/^422 POST \/api\/users$/);
  await page.goto("/sign-up");
  await page.getByLabel("Email").fill("grace@example.com");
  await page.getByLabel("Password", { exact: true }).fill("password123");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByLabel("Password", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await expect(page).toHaveURL("/sign-up");
});

test.describe("while sign-up is closed", () => {
  test.use({ settings: { VESTIBULE_SIGN_UP: "closed" } });

  test("nothing leads to it, and its page says whom to ask", async ({ page }) => {
    await page.goto("/sign-in");
    await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
    await expect(page.getByRole("link", { name: "Create an account" })).toHaveCount(0);
    await page.goto("/sign-up");
    await expect(page.getByRole("heading", { name: "Sign-up is closed" })).toBeVisible();
  });
});
