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
  await expect(page.getByRole("row").filter({ hasText: "Grace Hopper" })).toBeVisible();

  const memberPage = await (await newContext()).newPage();
  await memberPage.goto(await server.mailbox.waitForLink(MEMBER, "/reset-password"));
  await memberPage.getByLabel("New password").fill("a horse of my own");
  await memberPage.getByRole("button", { name: "Set password" }).click();
  await expect(memberPage.getByText("Your password is set")).toBeVisible();
});
