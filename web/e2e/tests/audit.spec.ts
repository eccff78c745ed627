import { expect } from "@playwright/test";
import { ADMIN, MEMBER } from "../support/accounts";
import { rows } from "../support/page";
import { signInViaApi, test } from "../support/test";

test("filter events and open their details", async ({ page, context, server, api }) => {
  const grace = await api.createUser(MEMBER, { name: "Grace Hopper" });
  await api.send("PATCH", `/api/users/${grace.id}`, { status: "disabled" });
  await signInViaApi(context, server);
  await page.goto("/admin/audit");
  await expect(rows(page).filter({ hasText: "User disabled" })).toHaveCount(1);
  await expect(rows(page).first()).toContainText("Signed in");

  await page.getByLabel("Action").fill("disabled");
  await page.getByRole("option", { name: "User disabled" }).click();
  await expect(rows(page)).toHaveCount(1);
  await expect(page).toHaveURL(/action=user\.disabled/);
  await rows(page).getByRole("button", { name: "User disabled" }).click();
  const panel = page.getByRole("dialog", { name: "User disabled" });
  await expect(panel).toContainText(grace.id);
  await panel.getByRole("button", { name: "Filter by target" }).click();
  await expect(rows(page).filter({ hasText: "User created" })).toHaveCount(1);
  await expect(page).toHaveURL(new RegExp(`target=${grace.id}`));
  await page.reload();
  await expect(rows(page)).toHaveCount(2);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(rows(page).filter({ hasText: "Signed in" }).first()).toBeVisible();
});

test("load more events", async ({ page, context, server, api }) => {
  for (let n = 0; n < 60; n += 1) await api.createRole(`role-${n}`, []);
  await signInViaApi(context, server);
  await page.goto("/admin/audit?action=role.created");
  await expect(rows(page)).toHaveCount(50);
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(rows(page)).toHaveCount(60);
});

test("events show the names of all users, with one request for each page", async ({ page, context, server, api }) => {
  const grace = await api.createUser(MEMBER);
  await api.send("PATCH", `/api/users/${grace.id}`, { status: "disabled" });
  await server.runCommand("user", "seed", "300");
  await signInViaApi(context, server);
  const requests: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/api/users?")) requests.push(request.url());
  });
  await page.goto("/admin/audit?action=user.disabled");
  await expect(rows(page)).toContainText(MEMBER);
  await page.reload();
  await expect(page.getByRole("link", { name: MEMBER })).toBeVisible();
  expect(requests).toEqual(Array(2).fill(`${server.url}/api/users?ids=${grace.id}&limit=100`));
});

test("filter events by an actor and a target that are searched for", async ({ page, context, server, api }) => {
  const grace = await api.createUser(MEMBER, { name: "Grace Hopper" });
  await api.createRole("support", []);
  await signInViaApi(context, server);
  await page.goto("/admin/audit");
  await page.getByLabel("Actor").fill("unknown");
  await expect(page.getByText("No matches. Try a different search.")).toBeVisible();
  await page.getByLabel("Actor").fill(ADMIN);
  await page.getByRole("option", { name: ADMIN }).click();
  await page.getByLabel("Target").fill("grace");
  await expect(page.getByRole("option", { name: MEMBER })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`target=${grace.id}`));
  await expect(rows(page)).toHaveCount(1);
  await page.reload();
  await expect(page.getByLabel("Actor")).toHaveValue(ADMIN);
  await expect(page.getByLabel("Target")).toHaveValue(MEMBER);

  await page.getByLabel("Target").fill("supp");
  await page.getByRole("option", { name: "support" }).click();
  await expect(rows(page)).toHaveText([/Role created/]);
  await page.getByLabel("Target").fill("");
  await expect(page).not.toHaveURL(/target=/);
});
