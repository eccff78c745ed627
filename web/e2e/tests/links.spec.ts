import { expect } from "@playwright/test";
import { ADMIN, PASSWORD } from "../support/people";
import { enter, signIn, test } from "../support/test";

test("a forgotten password is replaced through the mail, and the link works once", async ({ page, server, watch }) => {
  watch.expectRefusal(/^400 POST \/api\/auth\/reset-password$/);
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Forgot it?" }).click();
  await expect(page.getByRole("heading", { name: "Choose a new password" })).toBeVisible();
  await page.getByLabel("Email").fill(ADMIN);
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByRole("status").filter({ hasText: "a link is on its way" })).toBeVisible();
  const link = await server.mail.link(ADMIN, "/reset-password");
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

test("an address is verified with the account's own session", async ({ page, context, server, api }) => {
  await api.person("grace@example.com");
  await server.mail.link("grace@example.com", "/verify-email"); // which the newer one replaces
  await enter(context, server, "grace@example.com");
  await page.goto("/account/security");
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByText("A link is on its way")).toBeVisible();
  await page.goto(await server.mail.link("grace@example.com", "/verify-email"));
  await page.getByRole("button", { name: "Verify the address" }).click();
  await expect(page).toHaveURL("/account/security");
  await expect(page.getByText("Verified", { exact: true })).toBeVisible();
});

test("a new address counts once its link was opened", async ({ page, context, server, watch }) => {
  watch.expectRefusal(/^422 POST \/api\/users\/me\/email$/);
  await enter(context, server);
  await page.goto("/account/security");
  await page.getByRole("button", { name: "Change…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("New email address").fill("ada@example.com");
  await dialog.getByLabel("Current password").fill("wrong");
  await dialog.getByRole("button", { name: "Send the link" }).click();
  await expect(dialog.getByLabel("Current password")).toHaveAttribute("aria-invalid", "true");
  await dialog.getByLabel("Current password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByText("A change is waiting to be confirmed")).toBeVisible();
  await page.goto(await server.mail.link("ada@example.com", "/confirm-email-change"));
  await page.getByRole("button", { name: "Confirm the address" }).click();
  await expect(page).toHaveURL("/account/security");
  await expect(page.getByRole("main")).toContainText("ada@example.com");
});

test.describe("where addresses must be verified", () => {
  test.use({ settings: { VESTIBULE_REQUIRE_VERIFIED_EMAIL: "true" } });

  test("sign-in waits for the link, which takes the password too", async ({ page, server, watch }) => {
    watch.expectRefusal(/^403 POST \/api\/auth\/login$/);
    await page.goto("/sign-up");
    await page.getByLabel("Email").fill("grace@example.com");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Create account" }).click();
    const link = await server.mail.link("grace@example.com", "/verify-email");
    await page.goto("/sign-in");
    await signIn(page, "grace@example.com");
    await expect(page.getByText("Verify your email address first")).toBeVisible();
    await page.goto(link);
    await page.getByLabel("Password of the account").fill(PASSWORD);
    await page.getByRole("button", { name: "Verify the address" }).click();
    await expect(page.getByText("Your address is verified")).toBeVisible();
    await signIn(page, "grace@example.com");
    await expect(page).toHaveURL("/account");
  });
});
