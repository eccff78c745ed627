import { expect, type Page } from "@playwright/test";
import { MEMBER } from "../support/people";
import { enter, test } from "../support/test";

const permission = (page: Page, name: string) =>
  page
    .getByRole("table", { name: "Built-in permissions" })
    .getByRole("checkbox", { name: new RegExp(`\\(${name}\\)$`) });

test("a role is made, given permissions, and what it permits holds from the next request on", async ({
  page,
  context,
  server,
  api,
  anotherBrowser,
  watch,
}) => {
  watch.expectRefusal(/^409 POST \/api\/roles$/);
  await enter(context, server);
  await page.goto("/admin/roles");
  const make = async (name: string) => {
    await page.getByRole("button", { name: "Create role" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByRole("button", { name: "Create role" }).click();
    return dialog;
  };
  const taken = await make("member");
  await expect(taken.getByLabel("Name")).toHaveAccessibleDescription(/There is a role of this name/);
  await taken.getByRole("button", { name: "Cancel" }).click();
  await make("support");
  await expect(page.getByRole("heading", { name: "support" })).toBeVisible();

  await api.person(MEMBER, { roles: ["support"] });
  const theirs = await anotherBrowser();
  await enter(theirs, server, MEMBER);
  const theirPage = await theirs.newPage();
  await theirPage.goto("/admin/users");
  await expect(theirPage.getByRole("heading", { name: "You may not see this page" })).toBeVisible();

  await permission(page, "users:read").check();
  await permission(page, "roles:read").check();
  await permission(page, "roles:read").uncheck();
  await expect(page.getByText("+1", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await theirPage.reload();
  await expect(theirPage.getByRole("heading", { name: "Users" })).toBeVisible();
});

test("an edit of a role does not undo another one", async ({ page, context, server, api, watch }) => {
  watch.expectRefusal(/^412 PATCH \/api\/roles\//);
  await api.role("support", ["users:read"]);
  await enter(context, server);
  await page.goto("/admin/roles");
  await page.getByRole("link", { name: /support/ }).click();
  await permission(page, "roles:read").check();
  const roles = await api.send<{ id: string; name: string }[]>("GET", "/api/roles");
  const id = roles.find(({ name }) => name === "support")?.id;
  await api.send("PATCH", `/api/roles/${id}`, { permissions: ["users:read", "audit:read"] });
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Somebody else changed this role meanwhile")).toBeVisible();
  await page.getByRole("button", { name: "Load it, keep my changes" }).click();
  await expect(permission(page, "audit:read")).toBeChecked();
  await expect(permission(page, "roles:read")).toBeChecked();
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
});

test("a role is deleted, also when somebody else was quicker", async ({ page, context, server, api, watch }) => {
  const { id } = await api.role("support", ["users:read"]);
  await api.role("billing", ["users:read"]);
  await enter(context, server);
  await page.goto("/admin/roles");
  const remove = async (name: string) => {
    await page.getByRole("button", { name: "Delete" }).click();
    const dialog = page.getByRole("alertdialog", { name: `Delete ${name}?` });
    await expect(dialog).toContainText("Nobody has this role");
    await dialog.getByRole("button", { name: "Delete role" }).click();
    await expect(page.getByRole("link", { name: new RegExp(name) })).toHaveCount(0);
    await expect(page).toHaveURL(/\/admin\/roles$/);
  };
  await page.getByRole("link", { name: /billing/ }).click();
  await remove("billing");
  await expect(page.getByText("Deleted billing")).toBeVisible();
  await page.getByRole("link", { name: /support/ }).click();
  await expect(page.getByRole("heading", { name: "support" })).toBeVisible();
  await api.send("DELETE", `/api/roles/${id}`);
  watch.expectRefusal(/^404 DELETE \/api\/roles\//);
  await remove("support");
  await page.waitForLoadState("networkidle");
});

test("built-in roles are locked as far as they must be", async ({ page, context, server }) => {
  await enter(context, server);
  await page.goto("/admin/roles");
  await page.getByRole("link", { name: /^admin/ }).click();
  await expect(page.getByRole("heading", { name: "admin Built in" })).toBeVisible();
  await expect(permission(page, "users:read")).toBeDisabled();
  await expect(page.getByRole("button", { name: "Delete" })).toHaveCount(0);
  await page.getByRole("link", { name: /^member/ }).click();
  await expect(permission(page, "users:read")).toBeEnabled();
  await expect(page.getByLabel("Name")).not.toBeEditable();
});
