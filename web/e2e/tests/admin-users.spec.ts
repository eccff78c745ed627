import { expect, type Page } from "@playwright/test";
import { ADMIN, MEMBER } from "../support/people";
import { enter, test } from "../support/test";

const MANY = 12_000;

/** The rows of a list, without its header. */
const rows = (page: Page) => page.getByRole("row").filter({ has: page.getByRole("rowheader") });

test("a large list is searched, sorted, narrowed and paged, and its address brings all that back", async ({
  page,
  context,
  server,
  api,
}, info) => {
  test.slow(); // making that many users
  await server.command("user", "seed", String(MANY));
  const grace = await api.person(MEMBER, { name: "Grace Hopper" });
  await api.send("PATCH", `/api/users/${grace.id}`, { status: "disabled" });
  await enter(context, server);
  await page.goto("/admin/users");
  await expect(rows(page)).toHaveCount(50);
  await expect(page.getByRole("status").filter({ hasText: "50 of 10,000+" })).toBeVisible();
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(rows(page)).toHaveCount(100);

  await page.getByLabel("Order").selectOption({ label: "Email, A to Z" });
  await expect(rows(page).first()).toContainText(/a\w*\.\w+\.\d+/);
  await expect(page).toHaveURL(/sort=email/);

  const typed = Date.now();
  await page.getByLabel("Search users").fill("hopp");
  await expect(rows(page)).toHaveCount(1);
  info.annotations.push({ type: "from typing to rows", description: `${Date.now() - typed} ms` });
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

test("somebody is disabled at once, and is active again when the server refuses", async ({
  page,
  context,
  server,
  api,
  watch,
}) => {
  await api.person(MEMBER, { name: "Grace Hopper" });
  await enter(context, server);
  await page.goto("/admin/users");
  const grace = rows(page).filter({ hasText: MEMBER });
  const choose = async (action: string) => {
    await grace.getByRole("button", { name: /Actions for/ }).click();
    await page.getByRole("menuitem", { name: action }).click();
  };
  await choose("Disable");
  await expect(page.getByText(`Disabled ${MEMBER}`)).toBeVisible();
  await expect(grace).toContainText("Disabled");
  await choose("Enable");
  await expect(page.getByText(`Enabled ${MEMBER}`)).toBeVisible();

  watch.expectRefusal(/^503 PATCH \/api\/users\//);
  let refuse = () => {};
  const refused = new Promise<void>((done) => {
    refuse = done;
  });
  await page.route("**/api/users/*", async (route) => {
    if (route.request().method() !== "PATCH") return route.fallback();
    await refused;
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
  await choose("Disable");
  await expect(grace).toContainText("Disabled");
  refuse();
  await expect(page.getByText(`Could not disable ${MEMBER}`)).toBeVisible();
  await expect(grace).not.toContainText("Disabled");
});

test("who is deleted on their page is gone, and nothing asks for them again", async ({
  page,
  context,
  server,
  api,
}) => {
  const grace = await api.person(MEMBER, { name: "Grace Hopper" });
  await enter(context, server);
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

test("who is deleted by somebody quicker is gone as well", async ({ page, context, server, api, watch }) => {
  watch.expectRefusal(/^404 DELETE \/api\/users\//);
  const grace = await api.person(MEMBER, { name: "Grace Hopper" });
  await enter(context, server);
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

test("the last administrator stays one", async ({ page, context, server, watch }) => {
  watch.expectRefusal(/^409 PATCH \/api\/users\//);
  await enter(context, server);
  await page.goto("/admin/users");
  await rows(page)
    .filter({ hasText: ADMIN })
    .getByRole("button", { name: /Actions for/ })
    .click();
  await page.getByRole("menuitem", { name: "Disable" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("button", { name: "Disable my account" }).click();
  await expect(dialog).toContainText("An administrator must remain");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(rows(page).filter({ hasText: ADMIN })).not.toContainText("Disabled");
});

test("who is invited chooses a password by the link that was mailed", async ({
  page,
  context,
  server,
  anotherBrowser,
}) => {
  await enter(context, server);
  await page.goto("/admin/users");
  await page.getByRole("button", { name: "Invite user" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Email").fill(MEMBER);
  await dialog.getByLabel("Name").fill("Grace Hopper");
  await dialog.getByRole("button", { name: "Send invitation" }).click();
  await expect(page.getByText(`Invited ${MEMBER}`)).toBeVisible();
  await expect(rows(page).filter({ hasText: "Grace Hopper" })).toBeVisible();
  const theirs = await (await anotherBrowser()).newPage();
  await theirs.goto(await server.mail.link(MEMBER, "/reset-password"));
  await theirs.getByLabel("New password").fill("a horse of my own");
  await theirs.getByRole("button", { name: "Set password" }).click();
  await expect(theirs.getByText("Your password is set")).toBeVisible();
});

test("who may not see the users is told so, and stays signed in", async ({ page, context, server, api }) => {
  await api.person(MEMBER);
  await enter(context, server, MEMBER);
  await page.goto("/admin/users");
  await expect(page.getByRole("heading", { name: "You may not see this page" })).toBeVisible();
  await expect(page.getByText("users:read")).toBeVisible();
  await expect(page.getByRole("link", { name: "Users" })).toHaveCount(0);
  await page.goto("/account");
  await expect(page.getByText(MEMBER).first()).toBeVisible();
});
