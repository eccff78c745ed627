import { expect } from "@playwright/test";
import { ADMIN, PASSWORD } from "../support/accounts";
import { signIn, test } from "../support/test";

test.use({ settings: { VESTIBULE_ADMIN_EMAIL: "", VESTIBULE_ADMIN_PASSWORD: "" } });

test("setup link creates the first administrator once", async ({ page, server }) => {
  await page.goto("/sign-in");
  await expect(page.getByText("This server has no administrator yet")).toBeVisible();
  const link = await server.setupLink();
  await page.goto(link);
  await expect(page).toHaveURL("/setup");
  await page.getByLabel("Email").fill("first@example.com");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create administrator" }).click();
  await expect(page).toHaveURL("/admin/users");
  await expect(page.getByRole("row").filter({ hasText: "first@example.com" })).toContainText("admin");
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "Setup is complete" })).toBeVisible();
});

test("created administrator is not reported as a failure if the sign-in fails", async ({ page, server, monitor }) => {
  monitor.allowErrorResponse(/^503 POST \/api\/auth\/login$/);
  await page.route("**/api/auth/login", (route) => route.fulfill({ status: 503 }), { times: 1 });
  await page.goto(await server.setupLink());
  await page.getByLabel("Email").fill(ADMIN);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create administrator" }).click();
  await expect(page.getByRole("heading", { name: "The administrator was created" })).toBeVisible();
  await expect(page.getByRole("alert")).toContainText("Could not sign you in");
  await page.getByRole("link", { name: "Go to sign in" }).click();
  await signIn(page);
  await expect(page).toHaveURL("/admin/users");
});

test("invalid setup link is rejected", async ({ page, server, monitor }) => {
  monitor.allowErrorResponse(/^400 POST \/api\/setup$/);
  const link = await server.setupLink();
  await page.goto(`${link.slice(0, -4)}AAAA`);
  await page.getByLabel("Email").fill("first@example.com");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create administrator" }).click();
  await expect(page.getByRole("alert")).toContainText("This setup link is not valid");
});
