import { readFile } from "node:fs/promises";
import { expect } from "@playwright/test";
import { ADMIN, MEMBER, PASSWORD } from "../support/accounts";
import { saveRecoveryCodes, setUpTotp } from "../support/factors";
import { signIn, signInViaApi, test } from "../support/test";
import { totpCode } from "../support/totp";

test.describe("member", () => {
  let id: string;

  test.beforeEach(async ({ api, context, server, page }) => {
    ({ id } = await api.createUser(MEMBER, { name: "Grace Hopper" }));
    await signInViaApi(context, server, MEMBER);
    await page.goto("/account/security");
  });

  test("set up an authenticator app and sign in with its codes", async ({ page, context, monitor }) => {
    monitor.allowErrorResponse(/^422 POST \/api\/users\/me\/totp\/confirm$/);
    monitor.allowErrorResponse(/^403 POST \/api\/auth\/login$/);
    monitor.allowErrorResponse(/^401 POST \/api\/auth\/second-factor$/);
    await page.getByRole("button", { name: "Set up app…" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByRole("img", { name: "QR code for your authenticator app" })).toBeVisible();
    const code = dialog.getByLabel("Code from the app");
    await expect(code).toHaveAttribute("autocomplete", "one-time-code");
    await expect(code).toHaveAttribute("inputmode", "numeric");
    await code.fill("000000");
    await dialog.getByRole("button", { name: "Turn on" }).click();
    await expect(code).toHaveAccessibleDescription(/This code is incorrect/);
    const secret = ((await dialog.locator("code").textContent()) ?? "").replaceAll(" ", "");
    await code.fill(totpCode(secret));
    await dialog.getByRole("button", { name: "Turn on" }).click();

    const saved = page.getByRole("alertdialog", { name: "Save your recovery codes" });
    await page.keyboard.press("Escape");
    await expect(saved).toBeVisible();
    const download = page.waitForEvent("download");
    await saved.getByRole("button", { name: "Download" }).click();
    const text = await readFile(await (await download).path(), "utf8");
    const codes = await saveRecoveryCodes(page);
    expect(text).toContain(MEMBER);
    expect(text).toContain(codes.join("\n"));
    await expect(page.getByText("10 of 10 left")).toBeVisible();
    await expect(page.getByText("Set up on")).toBeVisible();

    await context.clearCookies();
    await page.goto("/sign-in");
    await signIn(page, MEMBER);
    const field = page.getByLabel("Code", { exact: true });
    await expect(field).toBeFocused();
    // Confirming the app has used up the current code.
    await field.fill(totpCode(secret));
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(field).toHaveAccessibleDescription(/incorrect or was used already/);
    const next = totpCode(secret, 1);
    await field.fill(`${next.slice(0, 3)} ${next.slice(3)}`);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page).toHaveURL("/account");
  });

  test("sign in with a recovery code, then replace the codes", async ({ page, context, monitor }) => {
    monitor.allowErrorResponse(/^403 POST \/api\/auth\/login$/);
    await setUpTotp(page);
    const codes = await saveRecoveryCodes(page);

    await context.clearCookies();
    await page.goto("/sign-in?next=/account/security");
    await signIn(page, MEMBER);
    await page.getByRole("button", { name: "Recovery code" }).click();
    await page.getByLabel("Recovery code").fill(codes[0]?.toUpperCase() ?? "");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByText("9 of 10 left")).toBeVisible();

    await page.getByRole("button", { name: "Generate new codes…" }).click();
    await page.getByRole("button", { name: "Generate codes", exact: true }).click();
    const replaced = await saveRecoveryCodes(page);
    expect(replaced).not.toContain(codes[1]);
    await expect(page.getByText("10 of 10 left")).toBeVisible();

    await page.getByRole("button", { name: "Remove app…" }).click();
    const dialog = page.getByRole("alertdialog");
    await expect(dialog).toContainText("your recovery codes stop working");
    await dialog.getByRole("button", { name: "Remove app" }).click();
    await expect(page.getByText("You get recovery codes when")).toBeVisible();
  });

  test("an expired sign-in starts again", async ({ page, context, monitor }) => {
    monitor.allowErrorResponse(/^403 POST \/api\/auth\/login$/);
    monitor.allowErrorResponse(/^40[01] POST \/api\/auth\/second-factor$/);
    await setUpTotp(page);
    await saveRecoveryCodes(page);
    await context.clearCookies();
    await page.goto("/sign-in");
    await signIn(page, MEMBER);
    // The fifth incorrect code voids the challenge.
    for (let count = 0; count < 6; count++) {
      const response = page.waitForResponse("**/api/auth/second-factor");
      await page.getByLabel("Code", { exact: true }).fill("000000");
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await response;
    }
    await expect(page.getByText("This sign-in has expired")).toBeVisible();
    await page.getByRole("button", { name: "Start again" }).click();
    await expect(page.getByLabel("Email")).toHaveValue(MEMBER);
    await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
  });

  test("an edit survives a sign-in with a second factor", async ({ page, api, monitor }) => {
    monitor.allowErrorResponse(/^401 /);
    monitor.allowErrorResponse(/^403 POST \/api\/auth\/login$/);
    const secret = await setUpTotp(page);
    await saveRecoveryCodes(page);
    await page.getByRole("link", { name: "Profile" }).click();
    await page.getByLabel("Name").fill("Rear Admiral Hopper");
    await api.send("DELETE", `/api/users/${id}/sessions`);
    await page.getByRole("button", { name: "Save" }).click();
    const dialog = page.getByRole("dialog", { name: "Your session has ended" });
    await dialog.getByLabel("Email").fill(MEMBER);
    await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
    await dialog.getByLabel("Code", { exact: true }).fill(totpCode(secret, 1));
    await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(dialog).toHaveCount(0);
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Name saved")).toBeVisible();
  });

  test("password managers find the password form", async ({ page }) => {
    await page.goto("/.well-known/change-password");
    await expect(page).toHaveURL(/\/account\/security$/);
    await expect(page.getByLabel("New password")).toBeInViewport();
  });
});

test.describe("step-up", () => {
  test.use({ settings: { VESTIBULE_STEP_UP_AGE: "2s" } });

  test("sensitive changes ask for the password and continue", async ({ page, context, server, api, monitor }) => {
    monitor.allowErrorResponse(/^403 (POST|GET) \/api\/users\/me\//);
    monitor.allowErrorResponse(/^401 POST \/api\/auth\/step-up$/);
    await api.createUser(MEMBER, { name: "Grace Hopper" });
    await signInViaApi(context, server, MEMBER);
    await page.goto("/account");
    await page.waitForTimeout(2_500);

    await page.getByRole("button", { name: "Change…" }).click();
    const form = page.getByRole("dialog", { name: "Change your email address" });
    await form.getByLabel("New email address").fill("hopper@example.com");
    await form.getByRole("button", { name: "Send link" }).click();
    const stepUp = page.getByRole("dialog", { name: "Confirm that it's you" });
    await expect(stepUp.getByLabel("Password", { exact: true })).toBeFocused();

    // Cancelling closes only this dialog.
    await page.keyboard.press("Escape");
    await expect(stepUp).toBeHidden();
    await expect(form.getByRole("alert")).toContainText("Could not change your email");
    await expect(form.getByRole("button", { name: "Send link" })).toBeFocused();
    await page.keyboard.press("Enter");

    let attempts = 0;
    page.on("request", (request) => {
      if (request.url().endsWith("/api/auth/step-up")) attempts += 1;
    });
    await stepUp.getByLabel("Password", { exact: true }).fill("wrong");
    await page.keyboard.press("Enter");
    await expect(stepUp.getByLabel("Password", { exact: true })).toHaveAccessibleDescription(/password is incorrect/);
    expect(attempts).toBe(1);
    await stepUp.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await stepUp.getByRole("button", { name: "Continue" }).click();
    await expect(stepUp).toBeHidden();
    await expect(page.getByText("Confirm your new email")).toBeVisible();

    await page.waitForTimeout(2_500);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download" }).click();
    await stepUp.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await stepUp.getByRole("button", { name: "Continue" }).click();
    await download;

    await page.waitForTimeout(2_500);
    await page.getByRole("button", { name: "Delete account…" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete account" }).click();
    await stepUp.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await stepUp.getByRole("button", { name: "Continue" }).click();
    await expect(page.getByText("Your account was deleted")).toBeVisible();
  });
});

test("a role requires a second factor", async ({ page, context, server, api, newContext, monitor }) => {
  monitor.allowErrorResponse(/^409 PATCH \/api\/roles\//);
  await api.createRole("support", ["users:read"]);
  const { id } = await api.createUser(MEMBER, { name: "Grace Hopper", roles: ["support"] });
  await signInViaApi(context, server);
  await page.goto("/admin/roles");
  await page.getByRole("link", { name: "admin", exact: true }).click();
  await page.getByRole("checkbox", { name: "Requires a second factor" }).check();
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Set up an authenticator app or a passkey for your own account first.")).toBeVisible();
  await page.getByRole("button", { name: "Discard" }).click();

  await page.getByRole("link", { name: "support", exact: true }).click();
  await page.getByRole("checkbox", { name: "Requires a second factor" }).check();
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();

  const memberContext = await newContext();
  await signInViaApi(memberContext, server, MEMBER);
  const memberPage = await memberContext.newPage();
  await memberPage.goto("/admin/users");
  await expect(memberPage.getByRole("heading", { name: "Set up a second factor to continue" })).toBeVisible();

  await page.goto(`/admin/users/${id}/access?permission=users:read`);
  await expect(page.getByText("This user can't use users:read yet.")).toBeVisible();
  await page.getByRole("navigation", { name: "User" }).getByRole("link", { name: "Profile" }).click();
  await expect(page.getByText("Not in force until set up")).toBeVisible();

  await memberPage.goto("/account");
  await expect(memberPage.getByText("Set up a second factor to use your permissions")).toBeVisible();
  await memberPage.getByRole("link", { name: "Set up", exact: true }).click();
  await expect(memberPage.getByText("Your role support requires a second factor")).toBeVisible();
  await setUpTotp(memberPage);
  await saveRecoveryCodes(memberPage);
  await memberPage.getByRole("link", { name: "Users" }).click();
  await expect(memberPage.getByRole("heading", { name: "Users" })).toBeVisible();
});

test("an administrator removes the second factors of a user", async ({
  page,
  context,
  server,
  api,
  newContext,
  monitor,
}) => {
  const { id } = await api.createUser(MEMBER, { name: "Grace Hopper" });
  const memberContext = await newContext();
  await signInViaApi(memberContext, server, MEMBER);
  const memberPage = await memberContext.newPage();
  await memberPage.goto("/account/security");
  await setUpTotp(memberPage);
  await saveRecoveryCodes(memberPage);

  await signInViaApi(context, server, ADMIN);
  await page.goto(`/admin/users/${id}`);
  await expect(page.getByText("10 left")).toBeVisible();
  await page.getByRole("button", { name: "Remove second factors…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove factors" }).click();
  await expect(page.getByText("Not set up")).toBeVisible();
  await expect(page.getByRole("button", { name: "Remove second factors…" })).toBeHidden();

  monitor.allowErrorResponse(/^401 /);
  await memberPage.reload();
  await signIn(memberPage, MEMBER);
  await expect(memberPage).toHaveURL("/account/security");
  await expect(memberPage.getByText("You get recovery codes when")).toBeVisible();
});
