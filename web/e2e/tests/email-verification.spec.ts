import { expect } from "@playwright/test";
import { MEMBER, PASSWORD } from "../support/accounts";
import { signIn, signInViaApi, test } from "../support/test";

test("verify an email while signed in", async ({ page, context, server, api }) => {
  await api.createUser(MEMBER);
  await server.mailbox.waitForLink(MEMBER, "/verify-email"); // the new link replaces this one
  await signInViaApi(context, server, MEMBER);
  await page.goto("/account/security");
  await page.getByRole("button", { name: "Resend email" }).click();
  await expect(page.getByText("We sent you a link")).toBeVisible();
  await page.goto(await server.mailbox.waitForLink(MEMBER, "/verify-email"));
  await page.getByRole("button", { name: "Verify email" }).click();
  await expect(page).toHaveURL("/account/security");
  await expect(page.getByText("Verified", { exact: true })).toBeVisible();
});

test.describe("with required email verification", () => {
  test.use({ settings: { VESTIBULE_REQUIRE_VERIFIED_EMAIL: "true" } });

  test("verify an email while signed out with link and password", async ({ page, server, monitor }) => {
    monitor.allowErrorResponse(/^403 POST \/api\/auth\/login$/);
    await page.goto("/sign-up");
    await page.getByLabel("Email").fill(MEMBER);
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page.getByRole("heading", { name: "Check your email" })).toBeVisible();
    const link = await server.mailbox.waitForLink(MEMBER, "/verify-email");
    await page.goto("/sign-in");
    await signIn(page, MEMBER);
    await expect(page.getByText("Verify your email address")).toBeVisible();
    await page.goto(link);
    await page.getByLabel("Account password").fill(PASSWORD);
    await page.getByRole("button", { name: "Verify email" }).click();
    await expect(page.getByText("Your email is verified")).toBeVisible();
    await signIn(page, MEMBER);
    await expect(page).toHaveURL("/account");
  });
});
