import { expect } from "@playwright/test";
import { MEMBER } from "../support/accounts";
import { signInViaApi, test } from "../support/test";

test("invited user sets a password with the emailed link", async ({ page, context, server, newContext }) => {
  await signInViaApi(context, server);
  await page.goto("/admin/users");
  await page.getByRole("button", { name: "Invite user" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Email" }).fill(MEMBER);
  await dialog.getByLabel("Name").fill("Grace Hopper");
  await dialog.getByRole("button", { name: "Send invitation" }).click();
  await expect(page.getByText(`Invitation sent to ${MEMBER}`)).toBeVisible();
  const grace = page.getByRole("row").filter({ hasText: "Grace Hopper" });
  await expect(grace).toContainText("Invited");

  const memberPage = await (await newContext()).newPage();
  await memberPage.goto(await server.mailbox.waitForLink(MEMBER, "/reset-password"));
  await memberPage.getByLabel("New password").fill("a horse of my own");
  await memberPage.getByRole("button", { name: "Set password" }).click();
  await expect(memberPage.getByText("Your password is set")).toBeVisible();
  await page.reload();
  await expect(grace).toContainText("Active");
});

test("invitation is sent again", async ({ page, context, server, api }) => {
  const { id } = await api.send<{ id: string }>("POST", "/api/users", { email: MEMBER });
  await server.mailbox.waitForLink(MEMBER, "/reset-password");
  await signInViaApi(context, server);
  await page.goto(`/admin/users/${id}/access`);
  await expect(page.getByText("Invited", { exact: true })).toBeVisible();
  await expect(page.getByText("The user has not set a password yet.")).toBeVisible();
  await page.getByRole("button", { name: "Send invitation again…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Send invitation" }).click();
  await expect(page.getByText(`Invitation sent to ${MEMBER}`)).toBeVisible();
  await server.mailbox.waitForLink(MEMBER, "/reset-password");
});
