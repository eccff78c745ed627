import { expect, type Page } from "@playwright/test";
import { totpCode } from "./totp";

/** Sets up an authenticator app on the security page. Returns its secret; the recovery codes are shown. */
export async function setUpTotp(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Set up app…" }).click();
  const dialog = page.getByRole("dialog", { name: "Set up an authenticator app" });
  const secret = ((await dialog.locator("code").textContent()) ?? "").replaceAll(" ", "");
  await dialog.getByLabel("Code from the app").fill(totpCode(secret));
  await dialog.getByRole("button", { name: "Turn on" }).click();
  await expect(dialog).toBeHidden();
  return secret;
}

/** Closes the dialog with recovery codes and returns them. */
export async function saveRecoveryCodes(page: Page): Promise<string[]> {
  const dialog = page.getByRole("alertdialog", { name: "Save your recovery codes" });
  await expect(dialog.getByRole("listitem")).toHaveCount(10);
  const codes = await dialog.getByRole("listitem").allTextContents();
  await dialog.getByRole("button", { name: "I have saved the codes" }).click();
  await expect(dialog).toBeHidden();
  return codes;
}
