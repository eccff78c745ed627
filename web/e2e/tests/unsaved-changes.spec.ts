import { expect, type Page } from "@playwright/test";
import { MEMBER } from "../support/accounts";
import { signIn, signInViaApi, test } from "../support/test";

const tab = (page: Page, name: string) => page.getByRole("navigation", { name: "User" }).getByRole("link", { name });

const question = (page: Page) => page.getByRole("alertdialog", { name: "Discard unsaved changes?" });

test("another tab, page or history entry asks before it discards an edit", async ({ page, context, server, api }) => {
  const grace = await api.createUser(MEMBER);
  await signInViaApi(context, server);
  await page.goto("/admin/users");
  await page.getByRole("link", { name: MEMBER }).click();
  await page.getByLabel("Name").fill("Grace");

  await tab(page, "Roles").click();
  await question(page).getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByLabel("Name")).toHaveValue("Grace");
  await page.goBack();
  await question(page).getByRole("button", { name: "Cancel" }).click();
  await expect(page).toHaveURL(`/admin/users/${grace.id}`);
  await expect(page.getByLabel("Name")).toHaveValue("Grace");
  await page.getByRole("button", { name: /Your account/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await question(page).getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByLabel("Name")).toHaveValue("Grace");

  await tab(page, "Roles").click();
  await question(page).getByRole("button", { name: "Discard changes" }).click();
  await page.getByRole("checkbox", { name: "admin" }).check();
  await tab(page, "Sessions").click();
  await question(page).getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Save roles" }).click();
  await expect(page.getByText("Roles saved")).toBeVisible();
  await tab(page, "Sessions").click();
  await expect(page.getByText("No active sessions")).toBeVisible();
});

test("closing the browser tab asks before it discards an edit", async ({ page, context, server }) => {
  await signInViaApi(context, server);
  await page.goto("/account/security");
  await page.getByLabel("Current password").fill("typed");
  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  await expect(page.getByLabel("Current password")).toHaveValue("typed");
});

test("dialog with typed text asks before it closes", async ({ page, context, server }) => {
  await signInViaApi(context, server);
  await page.goto("/admin/users");
  const dialog = page.getByRole("dialog", { name: "Invite user" });
  const email = dialog.getByLabel("Email");
  await page.getByRole("button", { name: "Invite user" }).click();
  await expect(email).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);

  await page.getByRole("button", { name: "Invite user" }).click();
  await email.fill(MEMBER);
  const close = [
    () => page.keyboard.press("Escape"),
    () => page.mouse.click(10, 10),
    () => dialog.getByRole("button", { name: "Close" }).click(),
    () => page.goBack(),
  ];
  for (const attempt of close) {
    await attempt();
    await question(page).getByRole("button", { name: "Cancel" }).click();
    await expect(question(page)).toHaveCount(0);
    await expect(email).toHaveValue(MEMBER);
  }
  await page.keyboard.press("Escape");
  await question(page).getByRole("button", { name: "Discard changes" }).click();
  await expect(dialog).toHaveCount(0);

  await page.getByRole("button", { name: "Invite user" }).click();
  await expect(email).toHaveValue("");
  await email.fill(MEMBER);
  await dialog.getByRole("button", { name: "Send invitation" }).click();
  await expect(page.getByText(`Invitation sent to ${MEMBER}`)).toBeVisible();
  await expect(dialog).toHaveCount(0);
});

test("edit survives the end of the session", async ({ page, context, server, api, monitor }) => {
  monitor.allowErrorResponse(/^401 /);
  await signInViaApi(context, server);
  await page.goto("/account");
  await page.getByLabel("Name").fill("Ada");
  await api.send("DELETE", `/api/users/${(await api.me()).id}/sessions`);
  await page.getByRole("button", { name: "Save" }).click();
  const dialog = page.getByRole("dialog", { name: "Your session has ended" });
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText("Could not save your name")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("Ada");

  await page.getByRole("button", { name: "Sign in" }).click();
  await signIn(page);
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("Ada");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Name saved")).toBeVisible();
});

test("edit can be discarded after the end of the session", async ({ page, context, server, api, monitor }) => {
  monitor.allowErrorResponse(/^401 /);
  await signInViaApi(context, server);
  await page.goto("/account");
  await page.getByLabel("Name").fill("Ada");
  await api.send("DELETE", `/api/users/${(await api.me()).id}/sessions`);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog", { name: "Your session has ended" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Discard changes" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByText("Your session has ended")).toBeVisible();
  await signIn(page);
  await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("");
});
