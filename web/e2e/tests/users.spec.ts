import { expect } from "@playwright/test";
import { ADMIN, MEMBER } from "../support/accounts";
import { rows } from "../support/page";
import { signInViaApi, test } from "../support/test";

const USER_COUNT = 12_000;

test("search, sort, filter and page a large list, with the state in the URL", async ({
  page,
  context,
  server,
  api,
}, info) => {
  test.slow(); // creating the users is slow
  await server.runCommand("user", "seed", String(USER_COUNT));
  const grace = await api.createUser(MEMBER, { name: "Grace Hopper" });
  await api.send("PATCH", `/api/users/${grace.id}`, { status: "disabled" });
  await signInViaApi(context, server);
  await page.goto("/admin/users");
  await expect(rows(page)).toHaveCount(50);
  await expect(page.getByRole("status").filter({ hasText: "50 of 10,000+" })).toBeVisible();
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(rows(page)).toHaveCount(100);

  await page.getByLabel("Sort by").selectOption({ label: "Email, A to Z" });
  await expect(rows(page).first()).toContainText(/a\w*\.\w+\.\d+/);
  await expect(page).toHaveURL(/sort=email/);

  const start = Date.now();
  await page.getByLabel("Search users").fill("hopp");
  await expect(rows(page)).toHaveCount(1);
  info.annotations.push({ type: "from typing to rows", description: `${Date.now() - start} ms` });
  await expect(rows(page)).toContainText("Grace Hopper");
  await page.getByLabel("Status").selectOption("active");
  await expect(page.getByRole("button", { name: /Clear/ }).filter({ hasText: "filters" })).toBeVisible();
  await page.getByLabel("Status").selectOption("disabled");
  await expect(rows(page)).toHaveCount(1);
  await page.reload();
  await expect(page.getByLabel("Search users")).toHaveValue("hopp");
  await expect(rows(page)).toHaveCount(1);

  await page.getByLabel("Search users").press("Escape");
  await page.getByLabel("Status").selectOption("");
  await page.getByLabel("Role", { exact: true }).selectOption("admin");
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText(ADMIN);
});

test("disable a user optimistically, and roll back after an error", async ({ page, context, server, api, monitor }) => {
  await api.createUser(MEMBER, { name: "Grace Hopper" });
  await signInViaApi(context, server);
  await page.goto("/admin/users");
  const grace = rows(page).filter({ hasText: MEMBER });
  const selectAction = async (action: string) => {
    await grace.getByRole("button", { name: /Actions for/ }).click();
    await page.getByRole("menuitem", { name: action, exact: true }).click();
  };
  await selectAction("Disable");
  await expect(page.getByText(`Disabled ${MEMBER}`)).toBeVisible();
  await expect(grace).toContainText("Disabled");
  await selectAction("Enable");
  await expect(page.getByText(`Enabled ${MEMBER}`)).toBeVisible();

  monitor.allowErrorResponse(/^503 PATCH \/api\/users\//);
  let sendError = () => {};
  const errorSent = new Promise<void>((done) => {
    sendError = done;
  });
  await page.route("**/api/users/*", async (route) => {
    if (route.request().method() !== "PATCH") return route.fallback();
    await errorSent;
    return route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      headers: { "Retry-After": "1" },
      body: JSON.stringify({
        title: "Busy",
        status: 503,
        detail: "Busy",
        code: "unavailable",
        request_id: "r",
        errors: [],
      }),
    });
  });
  await selectAction("Disable");
  await expect(grace).toContainText("Disabled");
  sendError();
  await expect(page.getByText(`Could not disable ${MEMBER}`)).toBeVisible();
  await expect(grace).not.toContainText("Disabled");
});

test("delete a user on their page", async ({ page, context, server, api }) => {
  const grace = await api.createUser(MEMBER, { name: "Grace Hopper" });
  await signInViaApi(context, server);
  await page.goto(`/admin/users/${grace.id}/sessions`);
  await page.getByRole("button", { name: "Actions" }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Delete Grace Hopper?" });
  await expect(dialog).toContainText(MEMBER);
  await dialog.getByRole("button", { name: "Delete user" }).click();
  await expect(page.getByText(`Deleted ${MEMBER}`)).toBeVisible();
  await expect(page).toHaveURL(/\/admin\/users$/);
  await expect(rows(page)).toHaveCount(1);
  await page.waitForLoadState("networkidle");
});

test("delete a user who is already deleted", async ({ page, context, server, api, monitor }) => {
  monitor.allowErrorResponse(/^404 DELETE \/api\/users\//);
  const grace = await api.createUser(MEMBER, { name: "Grace Hopper" });
  await signInViaApi(context, server);
  await page.goto("/admin/users");
  await rows(page)
    .filter({ hasText: MEMBER })
    .getByRole("button", { name: /Actions for/ })
    .click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await api.send("DELETE", `/api/users/${grace.id}`);
  await page.getByRole("button", { name: "Delete user" }).click();
  await expect(page.getByRole("alertdialog")).toHaveCount(0);
  await expect(rows(page)).toHaveCount(1);
});

test("send a password reset link", async ({ page, context, server, api }) => {
  await api.createUser(MEMBER);
  await signInViaApi(context, server);
  await page.goto("/admin/users");
  await rows(page)
    .filter({ hasText: MEMBER })
    .getByRole("button", { name: /Actions for/ })
    .click();
  await page.getByRole("menuitem", { name: "Send password reset link…" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Send a password reset link?" });
  await expect(dialog).toContainText(MEMBER);
  await dialog.getByRole("button", { name: "Send link" }).click();
  await expect(page.getByText(`Password reset link sent to ${MEMBER}`)).toBeVisible();
  await server.mailbox.waitForLink(MEMBER, "/reset-password");
});

test.describe("with required email verification", () => {
  test.use({ settings: { VESTIBULE_REQUIRE_VERIFIED_EMAIL: "true" } });

  test("access tab resolves the reasons why a user cannot sign in", async ({ page, context, server, api }) => {
    const grace = await api.createUser(MEMBER);
    await api.send("PATCH", `/api/users/${grace.id}`, { status: "disabled" });
    await signInViaApi(context, server);
    await page.goto(`/admin/users/${grace.id}/access`);
    await expect(page.getByText("This user can't sign in.")).toBeVisible();
    await page.getByRole("button", { name: "Enable the account" }).click();
    await page.getByRole("button", { name: "Mark as verified…" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Mark as verified" }).click();
    await expect(page.getByText("This user can sign in.")).toBeVisible();
  });
});

test("last administrator cannot be disabled", async ({ page, context, server, monitor }) => {
  monitor.allowErrorResponse(/^409 PATCH \/api\/users\//);
  await signInViaApi(context, server);
  await page.goto("/admin/users");
  await rows(page)
    .filter({ hasText: ADMIN })
    .getByRole("button", { name: /Actions for/ })
    .click();
  await page.getByRole("menuitem", { name: "Disable" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("button", { name: "Disable my account" }).click();
  await expect(dialog).toContainText("At least one administrator is required");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(rows(page).filter({ hasText: ADMIN })).not.toContainText("Disabled");
});

test("missing permission shows the 403 page and keeps the session", async ({ page, context, server, api }) => {
  await api.createUser(MEMBER);
  await signInViaApi(context, server, MEMBER);
  await page.goto("/admin/users");
  await expect(page.getByRole("heading", { name: "You don't have access to this page" })).toBeVisible();
  await expect(page.getByText("users:read")).toBeVisible();
  await expect(page.getByRole("link", { name: "Users" })).toHaveCount(0);
  await page.goto("/account");
  await expect(page.getByText(MEMBER).first()).toBeVisible();
});
