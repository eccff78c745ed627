import { expect } from "@playwright/test";
import { ADMIN, PASSWORD } from "../support/accounts";
import { test } from "../support/test";

test("sign up and be signed in immediately", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Create an account" }).click();
  await expect(page.getByRole("heading", { name: "Create your account" })).toBeVisible();
  await page.getByLabel("Email").fill("grace@example.com");
  await page.getByLabel("Name").fill("Grace Hopper");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page).toHaveURL("/account");
  await expect(page.getByLabel("Name")).toHaveValue("Grace Hopper");
});

test("taken email shows an error with a link to sign in", async ({ page, monitor }) => {
  monitor.allowErrorResponse(/^400 POST \/api\/users$/);
  await page.goto("/sign-up");
  await page.getByLabel("Email").fill(ADMIN.toUpperCase());
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByLabel("Email")).toHaveAccessibleDescription(/already exists/);
  await page.getByRole("link", { name: "Sign in" }).first().click();
  await expect(page).toHaveURL(/\/sign-in/);
});

test("common password is rejected", async ({ page, monitor }) => {
  monitor.allowErrorResponse(/^422 POST \/api\/users$/);
  await page.goto("/sign-up");
  await page.getByLabel("Email").fill("grace@example.com");
  await page.getByLabel("Password", { exact: true }).fill("password123");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByLabel("Password", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await expect(page).toHaveURL("/sign-up");
});

test.describe("with sign-up closed", () => {
  test.use({ settings: { VESTIBULE_SIGN_UP: "closed" } });

  test("sign-up page explains that an invitation is required", async ({ page }) => {
    await page.goto("/sign-in");
    await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
    await expect(page.getByRole("link", { name: "Create an account" })).toHaveCount(0);
    await page.goto("/sign-up");
    await expect(page.getByRole("heading", { name: "Sign-up is by invitation only" })).toBeVisible();
  });
});
