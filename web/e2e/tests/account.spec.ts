import { readFile } from "node:fs/promises";
import { expect, type Route } from "@playwright/test";
import { MEMBER, PASSWORD } from "../support/people";
import { enter, signIn, test } from "../support/test";

test.beforeEach(async ({ api, context, server }) => {
  await api.person(MEMBER, { name: "Grace Hopper" });
  await enter(context, server, MEMBER);
});

test("another password ends the other sessions and not this one", async ({ page, server, anotherBrowser, watch }) => {
  watch.expectRefusal(/^422 PUT \/api\/users\/me\/password$/);
  const elsewhere = await anotherBrowser();
  await enter(elsewhere, server, MEMBER);
  const other = await elsewhere.newPage();
  await other.goto("/account");
  await expect(other.getByRole("heading", { name: "Profile" })).toBeVisible();

  await page.goto("/account/security");
  await page.getByLabel("Current password").fill("wrong");
  await page.getByLabel("New password").fill("a new horse battery");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByLabel("Current password")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Current password").fill(PASSWORD);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Password changed").first()).toBeVisible();

  watch.expectRefusal(/^401 /);
  await other.getByRole("link", { name: "Sessions" }).click();
  await expect(other).toHaveURL(/\/sign-in\?/);
  await page.getByRole("link", { name: "Sessions" }).click();
  await expect(page.getByText("This device")).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(2);
});

test("what is stored about somebody is a file of theirs", async ({ page }) => {
  await page.goto("/account");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("vestibule-account.json");
  const data = JSON.parse(await readFile(await file.path(), "utf8"));
  expect(data).toMatchObject({ user: { email: MEMBER, display_name: "Grace Hopper" } });
  expect(data.sessions).toHaveLength(1);
});

test("an account is deleted by its owner with the password, and is gone", async ({ page, watch }) => {
  watch.expectRefusal(/^422 POST \/api\/users\/me\/delete$/);
  await page.goto("/account/security");
  await page.getByRole("button", { name: "Delete account…" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete your account?" });
  await dialog.getByLabel("Current password").fill("wrong");
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(dialog.getByLabel("Current password")).toHaveAttribute("aria-invalid", "true");
  await dialog.getByLabel("Current password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(page).toHaveURL(/\/sign-in\?/);
  await expect(page.getByText("Your account is deleted")).toBeVisible();

  watch.expectRefusal(/^401 POST \/api\/auth\/login$/);
  await signIn(page, MEMBER);
  await expect(page.getByRole("alert")).toBeVisible();
});

test("what the server could not do is said with its reference, and can be tried again", async ({ page, watch }) => {
  watch.expectRefusal(/^500 GET \/api\/(settings|users\/me\/sessions)$/);
  watch.expectException(/^ProblemError: It failed/);
  const fails = async (route: Route) => {
    const json = { title: "Internal", status: 500, code: "internal", detail: "It failed", request_id: "reference-1" };
    await route.fulfill({ status: 500, contentType: "application/problem+json", json });
  };
  for (const [path, call, says, afterwards] of [
    ["/account/sessions", "**/api/users/me/sessions*", "Could not load the sessions", "This device"],
    ["/account/security", "**/api/settings", "The server ran into an error", "Delete account"],
  ] as const) {
    await page.route(call, fails);
    await page.goto(path);
    await expect(page.getByText(says)).toBeVisible();
    await expect(page.getByText("reference-1")).toBeVisible();
    await page.unroute(call, fails);
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByText(afterwards).first()).toBeVisible();
  }
});
