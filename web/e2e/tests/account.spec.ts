import { readFile } from "node:fs/promises";
import { expect, type Route } from "@playwright/test";
import { MEMBER, PASSWORD } from "../support/accounts";
import { signIn, signInViaApi, test } from "../support/test";

test.beforeEach(async ({ api, context, server }) => {
  await api.createUser(MEMBER, { name: "Grace Hopper" });
  await signInViaApi(context, server, MEMBER);
});

test("password change signs out other sessions", async ({ page, server, newContext, monitor }) => {
  monitor.allowErrorResponse(/^422 PUT \/api\/users\/me\/password$/);
  const otherContext = await newContext();
  await signInViaApi(otherContext, server, MEMBER);
  const otherPage = await otherContext.newPage();
  await otherPage.goto("/account");
  await expect(otherPage.getByRole("heading", { name: "Profile" })).toBeVisible();

  await page.goto("/account/security");
  await page.getByLabel("Current password").fill("wrong");
  await page.getByLabel("New password").fill("a new horse battery");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByLabel("Current password")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Current password").fill(PASSWORD);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Password changed").first()).toBeVisible();

  monitor.allowErrorResponse(/^401 /);
  await otherPage.getByRole("link", { name: "Sessions" }).click();
  await expect(otherPage).toHaveURL(/\/sign-in\?/);
  await page.getByRole("link", { name: "Sessions" }).click();
  await expect(page.getByText("This device")).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(2);
});

test("email change takes effect after confirmation", async ({ page, server }) => {
  await page.goto("/account");
  await page.getByRole("button", { name: "Change…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("New email address").fill("hopper@example.com");
  await dialog.getByRole("button", { name: "Send link" }).click();
  await expect(page.getByText("Confirm your new email")).toBeVisible();
  await page.goto(await server.mailbox.waitForLink("hopper@example.com", "/confirm-email-change"));
  await page.getByRole("button", { name: "Confirm email" }).click();
  await expect(page).toHaveURL("/account");
  await expect(page.getByRole("main")).toContainText("hopper@example.com");
});

test("download account data", async ({ page }) => {
  await page.goto("/account");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("vestibule-account.json");
  const data = JSON.parse(await readFile(await file.path(), "utf8"));
  expect(data).toMatchObject({ user: { email: MEMBER, display_name: "Grace Hopper" } });
  expect(data.sessions).toHaveLength(1);
});

test("delete own account", async ({ page, monitor }) => {
  await page.goto("/account");
  await page.getByRole("button", { name: "Delete account…" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Delete your account?" });
  await dialog.getByRole("button", { name: "Delete account" }).click();
  await expect(page).toHaveURL(/\/sign-in\?/);
  await expect(page.getByText("Your account was deleted")).toBeVisible();

  monitor.allowErrorResponse(/^401 POST \/api\/auth\/login$/);
  await signIn(page, MEMBER);
  await expect(page.getByRole("alert")).toBeVisible();
});

test("server error shows request ID and can be retried", async ({ page, monitor }) => {
  monitor.allowErrorResponse(/^500 GET \/api\/(settings|users\/me\/sessions)$/);
  monitor.allowException(/^ProblemError: It failed/);
  const respondWithError = async (route: Route) => {
    const json = { title: "Internal", status: 500, code: "internal", detail: "It failed", request_id: "request-1" };
    await route.fulfill({ status: 500, contentType: "application/problem+json", json });
  };
  for (const [path, url, errorText, recoveredText] of [
    ["/account/sessions", "**/api/users/me/sessions*", "Could not load sessions", "This device"],
    ["/account/security", "**/api/settings", "Something went wrong on the server", "Change password"],
  ] as const) {
    await page.route(url, respondWithError);
    await page.goto(path);
    await expect(page.getByText(errorText)).toBeVisible();
    await expect(page.getByText("request-1")).toBeVisible();
    await page.unroute(url, respondWithError);
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByText(recoveredText).first()).toBeVisible();
  }
});
