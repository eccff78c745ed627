import { expect } from "@playwright/test";
import { ADMIN, MEMBER } from "../support/accounts";
import { control, rows, selectReference } from "../support/page";
import { createProject } from "../support/projects";
import { signInViaApi, test } from "../support/test";

test("create a project", async ({ page, context, server }) => {
  await signInViaApi(context, server);
  await page.goto("/admin/projects");
  await expect(page.getByText("No projects yet")).toBeVisible();
  await page.getByRole("button", { name: "New project", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "New project" });
  await dialog.getByRole("button", { name: "Create project" }).click();
  await expect(control(dialog, "Name")).toHaveAccessibleDescription("Enter a value.");
  await control(dialog, "Name").fill("Name one");
  await control(dialog, "Description").fill("First line\nSecond line");
  await control(dialog, "Archived").check();
  await selectReference(control(dialog, "Owner"), ADMIN);
  await dialog.getByRole("button", { name: "Create project" }).click();
  const heading = page.getByRole("heading", { name: "Name one", level: 1 });
  await expect(heading).toBeVisible();
  await expect(control(page, "Name")).toHaveValue("Name one");
  await expect(control(page, "Description")).toHaveValue("First line\nSecond line");
  await expect(control(page, "Archived")).toBeChecked();
  await expect(control(page, "Owner")).toHaveValue(ADMIN);
  const name = await heading.innerText();

  await page.goto("/admin/audit?action=project.created");
  await rows(page).getByRole("link", { name }).click();
  await expect(heading).toBeVisible();
});

test("search, filter and sort projects", async ({ page, context, server, api }) => {
  const otherUser = await api.createUser(MEMBER);
  const first = await createProject(api);
  const second = await createProject(api, {
    name: "Zzz",
    archived: true,
    owner_id: otherUser.id,
  });
  await signInViaApi(context, server);
  await page.goto("/admin/projects");
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).first()).toContainText(second.name);
  await page.getByLabel("Sort by").selectOption({ label: "Oldest first" });
  await expect(page).toHaveURL(/sort=created_at/);
  await expect(rows(page).first()).toContainText(first.name);
  await page.getByLabel("Sort by").selectOption({ label: "Name, descending" });
  await expect(rows(page).first()).toContainText(second.name);

  await page.getByLabel("Search projects").fill("zzz");
  await expect(rows(page)).toHaveCount(1);

  await control(page, "Archived").selectOption("true");
  await expect(page).toHaveURL(/archived=/);
  await selectReference(control(page, "Owner"), MEMBER);
  await expect(page).toHaveURL(/owner_id=/);
  await expect(rows(page)).toHaveCount(1);
  await page.reload();
  await expect(rows(page)).toHaveCount(1);
  await page.getByLabel("Search projects").fill("no such text");
  await expect(page.getByText("No matching projects")).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(rows(page)).toHaveCount(2);
});

test("edit a project that someone else changes", async ({ page, context, server, api, monitor }) => {
  monitor.allowErrorResponse(/^412 PATCH \/api\/projects\//);
  const { id } = await createProject(api);
  await signInViaApi(context, server);
  await page.goto(`/admin/projects/${id}`);
  await control(page, "Name").fill("Changed here");
  await api.send("PATCH", `/api/projects/${id}`, { name: "Changed there" });
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Someone else changed this project")).toBeVisible();
  await page.getByRole("button", { name: "Reload and keep my changes" }).click();
  await expect(control(page, "Name")).toHaveValue("Changed here");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Project saved")).toBeVisible();
});

test("delete a project", async ({ page, context, server, api }) => {
  const created = await createProject(api);
  await signInViaApi(context, server);
  await page.goto(`/admin/projects/${created.id}`);
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const dialog = page.getByRole("alertdialog", { name: created.name });
  await dialog.getByRole("button", { name: "Delete project" }).click();
  await expect(page).toHaveURL(/\/admin\/projects$/);
  await expect(page.getByText("No projects yet")).toBeVisible();
});

test("projects are read-only without projects:write", async ({ page, context, server, api }) => {
  const { id } = await createProject(api);
  await api.createRole("reader", ["projects:read"]);
  await api.createUser(MEMBER, { roles: ["reader"] });
  await signInViaApi(context, server, MEMBER);
  await page.goto(`/admin/projects/${id}`);
  await expect(control(page, "Name")).toBeDisabled();
  await expect(page.getByRole("button", { name: /^(Save|Delete)$/ })).toHaveCount(0);
  await page.goto("/admin/projects");
  await expect(rows(page)).toHaveCount(1);
  await expect(page.getByRole("button", { name: "New project" })).toHaveCount(0);
});
