import { expect, type Page } from "@playwright/test";
import { MEMBER } from "../support/accounts";
import { signInViaApi, test } from "../support/test";

const permission = (page: Page, name: string) =>
  page
    .getByRole("table", { name: "Built-in permissions" })
    .getByRole("checkbox", { name: new RegExp(`\\(${name}\\)$`) });

test("create a role and add permissions that take effect immediately", async ({
  page,
  context,
  server,
  api,
  newContext,
  monitor,
}) => {
  monitor.allowErrorResponse(/^409 POST \/api\/roles$/);
  await signInViaApi(context, server);
  await page.goto("/admin/roles");
  const createRole = async (name: string) => {
    await page.getByRole("button", { name: "Create role" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByRole("button", { name: "Create role" }).click();
    return dialog;
  };
  const dialog = await createRole("member");
  await expect(dialog.getByLabel("Name")).toHaveAccessibleDescription(/A role with this name already exists/);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await createRole("support");
  await expect(page.getByRole("heading", { name: "support" })).toBeVisible();

  await api.createUser(MEMBER, { roles: ["support"] });
  const memberContext = await newContext();
  await signInViaApi(memberContext, server, MEMBER);
  const memberPage = await memberContext.newPage();
  await memberPage.goto("/admin/users");
  await expect(memberPage.getByRole("heading", { name: "You don't have access to this page" })).toBeVisible();

  await permission(page, "users:read").check();
  await permission(page, "roles:read").check();
  await permission(page, "roles:read").uncheck();
  await expect(page.getByText("+1", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await memberPage.reload();
  await expect(memberPage.getByRole("heading", { name: "Users" })).toBeVisible();
});

test("concurrent edit of a role is detected and reapplied", async ({ page, context, server, api, monitor }) => {
  monitor.allowErrorResponse(/^412 PATCH \/api\/roles\//);
  await api.createRole("support", ["users:read"]);
  await signInViaApi(context, server);
  await page.goto("/admin/roles");
  await page.getByRole("link", { name: /support/ }).click();
  await permission(page, "roles:read").check();
  const roles = await api.send<{ id: string; name: string }[]>("GET", "/api/roles");
  const id = roles.find(({ name }) => name === "support")?.id;
  await api.send("PATCH", `/api/roles/${id}`, { permissions: ["users:read", "audit:read"] });
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Someone else changed this role")).toBeVisible();
  await page.getByRole("button", { name: "Reload and keep my changes" }).click();
  await expect(permission(page, "audit:read")).toBeChecked();
  await expect(permission(page, "roles:read")).toBeChecked();
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
});

test("concurrent edit of a role is shown if the latest version cannot be loaded", async ({
  page,
  context,
  server,
  api,
  monitor,
}) => {
  monitor.allowErrorResponse(/^412 PATCH \/api\/roles\//);
  const { id } = await api.createRole("support", ["users:read"]);
  await signInViaApi(context, server);
  await page.goto(`/admin/roles/${id}`);
  await permission(page, "roles:read").check();
  await api.send("PATCH", `/api/roles/${id}`, { permissions: ["users:read", "audit:read"] });
  await page.route(`**/api/roles/${id}`, (route) =>
    route.request().method() === "GET" ? route.abort() : route.continue(),
  );
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Someone else changed this role")).toBeVisible();
  await expect(permission(page, "roles:read")).toBeChecked();
});

test("delete a role, also if it is already deleted", async ({ page, context, server, api, monitor }) => {
  const { id } = await api.createRole("support", ["users:read"]);
  await api.createRole("billing", ["users:read"]);
  await signInViaApi(context, server);
  await page.goto("/admin/roles");
  const deleteRole = async (name: string) => {
    await page.getByRole("button", { name: "Delete" }).click();
    const dialog = page.getByRole("alertdialog", { name: `Delete ${name}?` });
    await expect(dialog).toContainText("No users have this role");
    await dialog.getByRole("button", { name: "Delete role" }).click();
    await expect(page.getByRole("link", { name: new RegExp(name) })).toHaveCount(0);
    await expect(page).toHaveURL(/\/admin\/roles$/);
  };
  await page.getByRole("link", { name: /billing/ }).click();
  await deleteRole("billing");
  await expect(page.getByText("Deleted billing")).toBeVisible();
  await page.getByRole("link", { name: /support/ }).click();
  await expect(page.getByRole("heading", { name: "support" })).toBeVisible();
  await api.send("DELETE", `/api/roles/${id}`);
  monitor.allowErrorResponse(/^404 DELETE \/api\/roles\//);
  await deleteRole("support");
  await page.waitForLoadState("networkidle");
});

test("built-in roles are partly read-only", async ({ page, context, server }) => {
  await signInViaApi(context, server);
  await page.goto("/admin/roles");
  await page.getByRole("link", { name: /^admin/ }).click();
  await expect(page.getByRole("heading", { name: "admin Built in" })).toBeVisible();
  await expect(permission(page, "users:read")).toBeDisabled();
  await expect(page.getByRole("button", { name: "Delete" })).toHaveCount(0);
  await page.getByRole("link", { name: /^member/ }).click();
  await expect(permission(page, "users:read")).toBeEnabled();
  await expect(page.getByLabel("Name")).not.toBeEditable();
});
