import { expect, type Page } from "@playwright/test";
import { MEMBER } from "../support/accounts";
import { VirtualAuthenticator } from "../support/authenticator";
import { saveRecoveryCodes } from "../support/factors";
import { signIn, signInViaApi, test } from "../support/test";

let memberId: string;

test.beforeEach(async ({ api, context, server }) => {
  ({ id: memberId } = await api.createUser(MEMBER, { name: "Grace Hopper" }));
  await signInViaApi(context, server, MEMBER);
});

const passkeys = (page: Page) => page.getByRole("list", { name: "Passkeys" }).getByRole("listitem");

async function addFirstPasskey(page: Page): Promise<void> {
  await page.goto("/account/security");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await saveRecoveryCodes(page);
  await expect(passkeys(page)).toHaveCount(1);
}

/** Prevents that the authenticator answers the autofill, before the button is pressed. */
async function disableAutofill(page: Page): Promise<void> {
  await page.addInitScript(() => {
    PublicKeyCredential.isConditionalMediationAvailable = async () => false;
  });
}

test("add a passkey and sign in with the button", async ({ page, context }) => {
  const authenticator = await VirtualAuthenticator.add(page);
  await addFirstPasskey(page);
  expect(await authenticator.credentials()).toHaveLength(1);

  await disableAutofill(page);
  await context.clearCookies();
  await page.goto("/sign-in?next=/account/security");
  await expect(page.getByLabel("Email")).toHaveAttribute("autocomplete", "username webauthn");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page).toHaveURL("/account/security");
  await expect(passkeys(page)).toContainText("Last used");
});

test("sign in with a passkey from the autofill", async ({ page, context }) => {
  await VirtualAuthenticator.add(page);
  await addFirstPasskey(page);
  await context.clearCookies();
  // The virtual authenticator chooses the passkey at once.
  await page.goto("/sign-in?next=/account/security");
  await expect(page).toHaveURL("/account/security");
  await expect(passkeys(page)).toHaveCount(1);
});

test("use a passkey as second factor", async ({ page, context, monitor }) => {
  monitor.allowErrorResponse(/^403 POST \/api\/auth\/login$/);
  await VirtualAuthenticator.add(page);
  await addFirstPasskey(page);
  await disableAutofill(page);
  await context.clearCookies();
  await page.goto("/sign-in");
  await signIn(page, MEMBER);
  await expect(page.getByText("One more step")).toBeVisible();
  await page.getByRole("button", { name: "Use passkey" }).click();
  await expect(page).toHaveURL("/account");
});

test("rename and remove a passkey, also in the authenticator", async ({ page }) => {
  const authenticator = await VirtualAuthenticator.add(page);
  await addFirstPasskey(page);
  const name = (await page.getByRole("button", { name: /^Rename / }).getAttribute("aria-label"))?.slice(7) ?? "";
  await page.getByRole("button", { name: `Rename ${name}` }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Work laptop");
  await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
  await expect(passkeys(page)).toContainText("Work laptop");

  await page.goto("/account");
  await page.getByLabel("Name").fill("Rear Admiral Hopper");
  await page.getByRole("button", { name: "Save" }).click();
  await expect.poll(async () => (await authenticator.credentials())[0]?.userDisplayName).toBe("Rear Admiral Hopper");

  await page.goto("/account/security");
  await page.getByRole("button", { name: "Remove Work laptop" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("no longer have a second factor");
  await dialog.getByRole("button", { name: "Remove passkey" }).click();
  await expect(page.getByText("No passkeys yet.")).toBeVisible();
  await expect.poll(() => authenticator.credentials()).toEqual([]);
});

test("an authenticator has one passkey of an account", async ({ page }) => {
  await VirtualAuthenticator.add(page);
  await addFirstPasskey(page);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(page.getByRole("alert")).toContainText("This device already has a passkey for your account");
});

test("a passkey that does not verify the user is a second factor only", async ({ page, context, monitor }) => {
  monitor.allowErrorResponse(/^403 POST \/api\/auth\/login$/);
  await VirtualAuthenticator.add(page, { verifiesUser: false });
  await addFirstPasskey(page);
  await expect(passkeys(page)).toContainText("Second factor only");
  await disableAutofill(page);
  await context.clearCookies();
  await page.goto("/sign-in");
  await signIn(page, MEMBER);
  await page.getByRole("button", { name: "Use passkey" }).click();
  await expect(page).toHaveURL("/account");
});

test("a passkey is refused while it does not verify the user", async ({ page, context }) => {
  const authenticator = await VirtualAuthenticator.add(page);
  await addFirstPasskey(page);
  await authenticator.setUserVerified(false);
  await disableAutofill(page);
  await context.clearCookies();
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByText("No passkey was used")).toBeVisible();
  await expect(page).toHaveURL("/sign-in");
});

test("the server refuses a passkey that did not verify the user", async ({ page, context, monitor }) => {
  monitor.allowErrorResponse(/^401 POST \/api\/auth\/passkeys$/);
  const authenticator = await VirtualAuthenticator.add(page);
  await addFirstPasskey(page);
  await authenticator.setUserVerified(false);
  await disableAutofill(page);
  // Asks the browser for less than the server requires.
  await page.route("**/api/auth/passkeys/options", async (route) => {
    const response = await route.fetch();
    const { public_key, ...others } = await response.json();
    const json = { ...others, public_key: { ...public_key, userVerification: "discouraged" } };
    await route.fulfill({ response, json });
  });
  await context.clearCookies();
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("alert")).toContainText("This passkey was not accepted");
});

test("a passkey that the server does not know is removed", async ({ page, context, api, monitor }) => {
  monitor.allowErrorResponse(/^401 POST \/api\/auth\/passkeys$/);
  const authenticator = await VirtualAuthenticator.add(page);
  await addFirstPasskey(page);
  await disableAutofill(page);
  await api.send("DELETE", `/api/users/${memberId}/factors`);
  await context.clearCookies();
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("alert")).toContainText("This passkey is not registered here");
  await expect.poll(() => authenticator.credentials()).toEqual([]);
});

test.describe("with a short step-up age", () => {
  test.use({ settings: { VESTIBULE_STEP_UP_AGE: "2s" } });

  test("confirm a change with a passkey", async ({ page, monitor }) => {
    monitor.allowErrorResponse(/^403 POST \/api\/users\/me\/totp$/);
    await VirtualAuthenticator.add(page);
    await addFirstPasskey(page);
    await page.waitForTimeout(2_500);
    await page.getByRole("button", { name: "Set up app…" }).click();
    const stepUp = page.getByRole("dialog", { name: "Confirm that it's you" });
    await expect(stepUp.getByRole("button", { name: "Recovery code" })).toBeVisible();
    await stepUp.getByRole("button", { name: "Use passkey" }).click();
    await expect(page.getByRole("dialog", { name: "Set up an authenticator app" })).toBeVisible();
  });
});

test("passkeys are not offered where they are unavailable", async ({ page, context }) => {
  // As at an IP address.
  await page.route("**/api/settings", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), passkeys: false } });
  });
  await context.clearCookies();
  await page.goto("/sign-in?next=/account/security");
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Sign in with a passkey" })).toBeHidden();
  await signIn(page, MEMBER);
  await expect(page.getByText("Passkeys are not available here")).toBeVisible();
  await expect(page.getByRole("button", { name: "Add a passkey" })).toBeHidden();
});
