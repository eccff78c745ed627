import { expect, type Page } from "@playwright/test";
import { MEMBER } from "../support/people";
import { enter, test } from "../support/test";

const rows = (page: Page) => page.getByRole("row").filter({ has: page.getByRole("rowheader") });

test("events are narrowed, looked at and followed", async ({ page, context, server, api }) => {
  const grace = await api.person(MEMBER, { name: "Grace Hopper" });
  await api.send("PATCH", `/api/users/${grace.id}`, { status: "disabled" });
  await enter(context, server);
  await page.goto("/admin/audit");
  await expect(rows(page).filter({ hasText: "User disabled" })).toHaveCount(1);
  await expect(rows(page).first()).toContainText("Signed in");

  await page.getByLabel("Action").selectOption({ label: "User disabled" });
  await expect(rows(page)).toHaveCount(1);
  await expect(page).toHaveURL(/action=user\.disabled/);
  await rows(page).getByRole("button", { name: "User disabled" }).click();
  const panel = page.getByRole("dialog", { name: "User disabled" });
  await expect(panel).toContainText(grace.id);
  await panel.getByRole("button", { name: "All about this target" }).click();
  await expect(rows(page).filter({ hasText: "User created" })).toHaveCount(1);
  await expect(page).toHaveURL(new RegExp(`target=${grace.id}`));
  await page.reload();
  await expect(rows(page)).toHaveCount(2);
  await page.getByRole("button", { name: "Clear" }).click();
  await expect(rows(page).filter({ hasText: "Signed in" }).first()).toBeVisible();
});

test("more events than a page holds are loaded when asked for", async ({ page, context, server, api }) => {
  for (let n = 0; n < 60; n += 1) await api.role(`role-${n}`, []);
  await enter(context, server);
  await page.goto("/admin/audit?action=role.created");
  await expect(rows(page)).toHaveCount(50);
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(rows(page)).toHaveCount(60);
});
