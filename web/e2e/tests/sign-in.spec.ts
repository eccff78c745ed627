import { expect } from "@playwright/test";
import { ADMIN, PASSWORD } from "../support/accounts";
import { signIn, test } from "../support/test";

test("sign-in returns to the requested page", async ({ page }) => {
  await page.goto("/account/security");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await signIn(page);
  await expect(page).toHaveURL("/account/security");
  await expect(page.getByText(ADMIN).first()).toBeVisible();
});

test("unknown email and incorrect password show the same error", async ({ page, monitor }) => {
  monitor.allowErrorResponse(/^401 POST \/api\/auth\/login$/);
  await page.goto("/sign-in");
  for (const email of [ADMIN, "unknown@example.com"]) {
    await signIn(page, email, "wrong");
    await expect(page.getByRole("alert")).toContainText("Incorrect email or password");
    await expect(page.getByLabel("Email")).toHaveValue(email);
  }
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByLabel("Email").fill(ADMIN);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/admin/users");
});

test("show the password", async ({ page }) => {
  await page.goto("/sign-in");
  const password = page.getByLabel("Password", { exact: true });
  await password.fill("secret");
  await expect(password).toHaveAttribute("type", "password");
  await page.getByRole("button", { name: "Show password" }).click();
  await expect(password).toHaveAttribute("type", "text");
});

test("empty form shows an error at each field", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByLabel("Email")).toHaveAccessibleDescription(/Enter your email address/);
  await expect(page.getByLabel("Password", { exact: true })).toHaveAccessibleDescription(/Enter your password/);
  await expect(page.getByLabel("Email")).toBeFocused();
});

test("sign-in does not redirect to another site", async ({ page }) => {
  await page.goto("/sign-in?next=https%3A%2F%2Fexample.org%2F");
  await signIn(page);
  await expect(page).toHaveURL("/admin/users");
});

test.describe("with rate limits", () => {
  test.use({ settings: { VESTIBULE_RATE_LIMITS: "on" } });

  test("too many attempts show a countdown", async ({ page, server, monitor }) => {
    monitor.allowErrorResponse(/^(401|429) POST \/api\/auth\/login$/);
    const attempt = () =>
      fetch(`${server.url}/api/auth/login`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ email: "unknown@example.com", password: "wrong" }),
      });
    for (let count = 0; count < 15; count++) {
      if ((await attempt()).status === 429) break;
    }
    await page.goto("/sign-in");
    await signIn(page, "unknown@example.com", "wrong");
    const alert = page.getByRole("alert").or(page.getByRole("status")).filter({ hasText: "Too many attempts" });
    await expect(alert).toBeVisible();
    await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeDisabled();
    const shown = await alert.textContent();
    await expect(alert).not.toHaveText(shown ?? "", { timeout: 5_000 });
  });
});

test("loading indicator is shown until the scripts arrive", async ({ page }) => {
  let release = () => {};
  const released = new Promise<void>((done) => {
    release = done;
  });
  await page.route("**/assets/vendor-*.js", async (route) => {
    await released;
    await route.continue();
  });
  await page.goto("/sign-in", { waitUntil: "commit" });
  await expect(page.getByRole("img", { name: "Loading" })).toBeVisible();
  release();
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  await expect(page.getByRole("img", { name: "Loading" })).toBeHidden();
});
