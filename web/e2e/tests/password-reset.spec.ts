import { expect } from "@playwright/test";
import { ADMIN } from "../support/accounts";
import { signIn, test } from "../support/test";

test("reset a forgotten password with a link that works once", async ({ page, server, monitor }) => {
  monitor.allowErrorResponse(/^400 POST \/api\/auth\/reset-password$/);
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Forgot password?" }).click();
  await expect(page.getByRole("heading", { name: "Reset your password" })).toBeVisible();
  await page.getByLabel("Email").fill(ADMIN);
  await page.getByRole("button", { name: "Send reset link" }).click();
  await expect(page.getByRole("status").filter({ hasText: "we've sent a link" })).toBeVisible();
  const link = await server.mailbox.waitForLink(ADMIN, "/reset-password");
  await page.goto(link);
  await expect(page).toHaveURL("/reset-password");
  await page.getByLabel("New password").fill("a new horse battery");
  await page.getByRole("button", { name: "Set password" }).click();
  await expect(page.getByText("Your password is set")).toBeVisible();
  await signIn(page, ADMIN, "a new horse battery");
  await expect(page).toHaveURL("/admin/users");

  await page.goto(link);
  await page.getByLabel("New password").fill("another horse battery");
  await page.getByRole("button", { name: "Set password" }).click();
  await expect(page.getByRole("heading", { name: "This link has expired" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Send a new link" })).toBeVisible();
});
