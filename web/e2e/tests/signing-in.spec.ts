import { expect } from "@playwright/test";
import { ADMIN, PASSWORD } from "../support/people";
import { signIn, test } from "../support/test";

test("who signs in comes to the page they wanted", async ({ page }) => {
  await page.goto("/account/security");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await signIn(page);
  await expect(page).toHaveURL("/account/security");
  await expect(page.getByText(ADMIN).first()).toBeVisible();
});

test("all wrong credentials get one message, and what was typed stays", async ({ page, watch }) => {
  watch.expectRefusal(/^401 POST \/api\/auth\/login$/);
  await page.goto("/sign-in");
  for (const email of [ADMIN, "nobody@example.com"]) {
    await signIn(page, email, "wrong");
    await expect(page.getByRole("alert")).toContainText("That did not match");
    await expect(page.getByLabel("Email")).toHaveValue(email);
  }
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByLabel("Email").fill(ADMIN);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/admin/users");
});

test("the password can be shown", async ({ page }) => {
  await page.goto("/sign-in");
  const password = page.getByLabel("Password", { exact: true });
  await password.fill("secret");
  await expect(password).toHaveAttribute("type", "password");
  await page.getByRole("button", { name: "Show password" }).click();
  await expect(password).toHaveAttribute("type", "text");
});

test("an empty form says at each field what is missing", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByLabel("Email")).toHaveAccessibleDescription(/Enter your email address/);
  await expect(page.getByLabel("Password", { exact: true })).toHaveAccessibleDescription(/Enter your password/);
  await expect(page.getByLabel("Email")).toBeFocused();
});

test("a way back after sign-in never leads to another site", async ({ page }) => {
  await page.goto("/sign-in?next=https%3A%2F%2Fexample.org%2F");
  await signIn(page);
  await expect(page).toHaveURL("/admin/users");
});

test.describe("with the throttle", () => {
  test.use({ settings: { VESTIBULE_RATE_LIMITS: "on" } });

  test("after many wrong passwords, the form counts down to the next attempt", async ({ page, server, watch }) => {
    watch.expectRefusal(/^(401|429) POST \/api\/auth\/login$/);
    const guess = () =>
      fetch(`${server.url}/api/auth/login`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ email: "nobody@example.com", password: "wrong" }),
      });
    for (let attempt = 0; attempt < 15; attempt++) {
      if ((await guess()).status === 429) break;
    }
    await page.goto("/sign-in");
    await signIn(page, "nobody@example.com", "wrong");
    const alert = page.getByRole("alert").or(page.getByRole("status")).filter({ hasText: "Too many attempts" });
    await expect(alert).toBeVisible();
    await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeDisabled();
    const shown = await alert.textContent();
    await expect(alert).not.toHaveText(shown ?? "", { timeout: 5_000 });
  });
});

test("while the program is on its way, the page is not empty", async ({ page }) => {
  let arrive = () => {};
  const arrived = new Promise<void>((done) => {
    arrive = done;
  });
  await page.route("**/assets/vendor-*.js", async (route) => {
    await arrived;
    await route.continue();
  });
  await page.goto("/sign-in", { waitUntil: "commit" });
  await expect(page.getByRole("img", { name: "Loading" })).toBeVisible();
  arrive();
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  await expect(page.getByRole("img", { name: "Loading" })).toBeHidden();
});
