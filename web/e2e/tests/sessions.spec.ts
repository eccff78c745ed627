import { expect, type Page } from "@playwright/test";
import { ADMIN } from "../support/accounts";
import { signIn, signInViaApi, test } from "../support/test";

/** Counts the token refreshes of the pages from now on. */
function countRefreshes(...pages: Page[]): () => number {
  let count = 0;
  for (const page of pages) {
    page.on("request", (request) => {
      if (request.url().endsWith("/api/auth/refresh")) count += 1;
    });
  }
  return () => count;
}

test("sign out another device", async ({ page, context, server, newContext, monitor }) => {
  monitor.allowErrorResponse(/^401 (GET|POST) \/api\//);
  await signInViaApi(context, server);
  const otherContext = await newContext();
  await signInViaApi(otherContext, server);
  const otherPage = await otherContext.newPage();
  await otherPage.goto("/account/security");
  await page.goto("/account/sessions");
  const otherRows = page.getByRole("row").filter({ has: page.getByRole("button", { name: "Sign out" }) });
  await expect(page.getByText("This device")).toBeVisible();
  await otherRows.getByRole("button", { name: "Sign out" }).click();
  await expect(otherRows).toHaveCount(0);
  await otherPage.getByRole("link", { name: "Sessions" }).click();
  await expect(otherPage).toHaveURL(/\/sign-in/);
  await expect(otherPage.getByText("Your session has ended")).toBeVisible();
});

test("sign-out applies to all tabs", async ({ page, context, server }) => {
  await signInViaApi(context, server);
  await page.goto("/account");
  const second = await context.newPage();
  await second.goto("/account/sessions");
  await second.getByRole("button", { name: /Your account/ }).click();
  await second.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(second).toHaveURL(/\/sign-in/);
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto("/account");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("signed-out user is redirected to sign in and back", async ({ page }) => {
  await page.goto("/account/sessions");
  await signIn(page);
  await expect(page).toHaveURL("/account/sessions");
  await page.getByRole("button", { name: /Your account/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.goto("/account/sessions");
  await expect(page).toHaveURL(/\/sign-in/);
});

test.describe("with short-lived access tokens", () => {
  test.use({ settings: { VESTIBULE_ACCESS_TOKEN_TTL: "3s" } });

  test("expired access token is refreshed silently", async ({ page, context, server, monitor }) => {
    monitor.allowErrorResponse(/^401 GET \/api\/users\/me/);
    await signInViaApi(context, server);
    await page.goto("/account");
    await expect(page.getByText(ADMIN).first()).toBeVisible();
    // The server tolerates a clock skew of five seconds.
    await page.waitForTimeout(8_500);
    const refreshes = countRefreshes(page);
    await page.getByRole("link", { name: "Sessions" }).click();
    await expect(page.getByText("This device")).toBeVisible();
    expect(refreshes()).toBe(1);
  });

  test("two tabs share a refreshed access token", async ({ page, context, server, monitor }) => {
    monitor.allowErrorResponse(/^401 GET \/api\/users\/me/);
    await signInViaApi(context, server);
    const second = await context.newPage();
    await page.goto("/account");
    await second.goto("/account");
    await expect(page.getByText(ADMIN).first()).toBeVisible();
    await expect(second.getByText(ADMIN).first()).toBeVisible();
    await page.waitForTimeout(8_500);
    const refreshes = countRefreshes(page, second);
    await page.getByRole("link", { name: "Sessions" }).click();
    await expect(page.getByText("This device")).toBeVisible();
    await second.getByRole("link", { name: "Sessions" }).click();
    await expect(second.getByText("This device")).toBeVisible();
    expect(refreshes()).toBe(1);
  });
});

test("session survives a server restart", async ({ page, context, server }) => {
  await signInViaApi(context, server);
  await page.goto("/account");
  await expect(page.getByText(ADMIN).first()).toBeVisible();
  await server.stop();
  await server.start();
  await page.getByRole("link", { name: "Sessions" }).click();
  await expect(page.getByText("This device")).toBeVisible();
  await page.reload();
  await expect(page.getByText("This device")).toBeVisible();
});

test("form shows an error and keeps its values while the server is down", async ({ page, context, server }) => {
  await signInViaApi(context, server);
  await page.goto("/account");
  await page.getByLabel("Name").fill("Ada");
  await server.stop();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("Could not save your name");
  await server.start();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Name saved")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("Ada");
});

test("page that fails to load can be retried", async ({ page, context, server, monitor }) => {
  await signInViaApi(context, server);
  await page.goto("/account", { waitUntil: "networkidle" });
  await server.stop();
  await page.getByRole("link", { name: "Sessions" }).click();
  await expect(page.getByRole("heading", { name: "This page could not be loaded" })).toBeVisible();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("button", { name: "Try again" })).toBeEnabled();
  await server.start();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("This device")).toBeVisible();

  // A new release renames the files.
  monitor.allowErrorResponse(/^404 GET \/assets\/security-/);
  await page.route("**/assets/security-*.js", (route) => route.fulfill({ status: 404 }), { times: 1 });
  await page.getByRole("link", { name: "Security" }).click();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "Passkeys" })).toBeVisible();
});

test("page continues by itself when the server is available again", async ({ page, context, server, monitor }) => {
  await signInViaApi(context, server);
  await page.route("**/api/**", (route) => route.abort());
  await page.goto("/account");
  await expect(page.getByRole("heading", { name: "Can't reach the server" })).toBeVisible();
  await page.unrouteAll();
  await expect(page.getByRole("heading", { name: "Profile" })).toBeVisible();

  monitor.allowErrorResponse(/^503 GET \/assets\/vendor-/);
  await page.route("**/assets/vendor-*.js", (route) => route.fulfill({ status: 503 }));
  await page.goto("/account");
  await expect(page.getByText("Can't reach the server.")).toBeVisible();
  await page.unrouteAll();
  await expect(page.getByRole("heading", { name: "Profile" })).toBeVisible();
});

test("unknown page keeps the sidebar of a signed-in user", async ({ page, context, server }) => {
  const message = page.getByRole("heading", { name: "Page not found" });
  await page.goto("/nowhere");
  await expect(message).toBeVisible();
  await signInViaApi(context, server);
  for (const path of ["/nowhere", "/admin/nowhere", "/admin/users/nowhere"]) {
    await page.goto(path);
    await expect(message).toBeVisible();
    await expect(page.getByRole("link", { name: "Users" })).toBeVisible();
  }
});

test("offline banner is shown and the session is kept", async ({ page, context, server }) => {
  await signInViaApi(context, server);
  await page.goto("/account");
  await expect(page.getByText(ADMIN).first()).toBeVisible();
  await context.setOffline(true);
  await expect(page.getByText("You are offline")).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText("You are offline")).toHaveCount(0);
  await page.getByRole("link", { name: "Sessions" }).click();
  await expect(page.getByText("This device")).toBeVisible();
});

test.describe("on another origin than the public URL", () => {
  test.use({ settings: { VESTIBULE_PUBLIC_URL: "http://other.example.com" } });

  test("sign-in shows the reason of the server", async ({ page, monitor }) => {
    monitor.allowErrorResponse(/^403 POST \/api\/auth\/login$/);
    await page.goto("/sign-in");
    const response = page.waitForResponse("**/api/auth/login");
    await signIn(page);
    const { detail } = await (await response).json();
    await expect(page.getByRole("alert")).toContainText(detail);
  });
});
