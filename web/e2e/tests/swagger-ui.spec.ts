import { expect } from "@playwright/test";
import { ADMIN, PASSWORD } from "../support/accounts";
import { test } from "../support/test";

test("Swagger UI authorizes with email and password", async ({ page }) => {
  await page.goto("/docs/");
  await page.getByRole("button", { name: "Authorize", exact: true }).click();
  const dialog = page.locator(".modal-ux");
  await dialog.getByLabel("username:").fill(ADMIN);
  await dialog.getByLabel("password:").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Apply given OAuth2 credentials" }).click();
  await dialog.getByRole("button", { name: "Close" }).first().click();
  const operation = page.locator("#operations-me-getCurrentUser");
  await operation.locator(".opblock-summary-control").click();
  await operation.getByRole("button", { name: "Execute" }).click();
  await expect(operation.locator(".live-responses-table")).toContainText(ADMIN);
});

test("Swagger UI signs in with the cookie transport", async ({ page, context }) => {
  await page.goto("/docs/");
  const operation = page.locator("#operations-auth-login");
  await operation.locator(".opblock-summary-control").click();
  await operation.locator("textarea").fill(JSON.stringify({ email: ADMIN, password: PASSWORD, transport: "cookie" }));
  await operation.getByRole("button", { name: "Execute" }).click();
  await expect(operation.locator(".live-responses-table")).toContainText("access_token");
  const names = (await context.cookies()).map((cookie) => cookie.name);
  expect(names.some((name) => name.startsWith("vestibule_refresh_"))).toBe(true);
});
