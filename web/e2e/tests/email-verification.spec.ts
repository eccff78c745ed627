import { expect } from "@playwright/test";
import { MEMBER, PASSWORD } from "../support/accounts";
import { signIn, signInViaApi, test } from "../support/test";

test("verify an email while signed in", async ({ page, context, server, api }) => {
  await api.createUser(MEMBER);
  await server.mailbox.waitForLink(MEMBER, "/verify-email"); // the new link replaces this one
  await signInViaApi(context, server, MEMBER);
  await page.goto("/account");
  await page.getByRole("button", { name: "Resend email" }).click();
  await expect(page.getByText("We sent you a link")).toBeVisible();
  await page.goto(await server.mailbox.waitForLink(MEMBER, "/verify-email"));
  await page.getByRole("button", { name: "Verify email" }).click();
  await expect(page).toHaveURL("/account");
  await expect(page.getByText("Verified", { exact: true })).toBeVisible();
});

test("verification link that is opened twice", async ({ page, server, api, monitor }) => {
  monitor.allowErrorResponse(/^400 POST \/api\/auth\/verify-email$/);
  await api.createUser(MEMBER);
  const link = await server.mailbox.waitForLink(MEMBER, "/verify-email");
  const verify = async (password: string) => {
    await page.goto("about:blank");
    await page.goto(link);
    await page.getByLabel("Account password").fill(password);
    await page.getByRole("button", { name: "Verify email" }).click();
  };
  await verify(PASSWORD);
  await expect(page.getByText("Your email is verified")).toBeVisible();
  await verify("incorrect");
  await expect(page.getByText("The password is incorrect or the link has expired.")).toBeVisible();
  await page.getByRole("button", { name: "Get a new link" }).click();
  await page.getByLabel("Email").fill(MEMBER);
  await page.getByRole("button", { name: "Send a new link" }).click();
  await expect(page.getByText(`If ${MEMBER} still needs verification, we've sent a link.`)).toBeVisible();
  await verify(PASSWORD);
  await expect(page.getByRole("heading", { name: "Your email address is already verified" })).toBeVisible();
  await page.getByRole("link", { name: "Go to sign in" }).click();
  await signIn(page, MEMBER);
  await expect(page).toHaveURL("/account");

  await page.goto(link);
  await expect(page.getByRole("heading", { name: "Your email address is already verified" })).toBeVisible();
  await page.getByRole("link", { name: "Continue" }).click();
  await expect(page).toHaveURL("/account");
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
