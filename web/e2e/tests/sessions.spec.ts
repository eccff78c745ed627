import { expect, type Page } from "@playwright/test";
import { ADMIN } from "../support/people";
import { enter, signIn, test } from "../support/test";

/** How often pages have asked for new tokens from now on. */
function countRefreshes(...pages: Page[]): () => number {
  let count = 0;
  for (const page of pages) {
    page.on("request", (request) => {
      if (request.url().endsWith("/api/auth/refresh")) count += 1;
    });
  }
  return () => count;
}

test("another browser is signed out from the list of sessions", async ({
  page,
  context,
  server,
  anotherBrowser,
  watch,
}) => {
  watch.expectRefusal(/^401 (GET|POST) \/api\//);
  await enter(context, server);
  const other = await anotherBrowser();
  await enter(other, server);
  const theirs = await other.newPage();
  await theirs.goto("/account/security");
  await page.goto("/account/sessions");
  const others = page.getByRole("row").filter({ has: page.getByRole("button", { name: "Sign out" }) });
  await expect(page.getByText("This device")).toBeVisible();
  await others.getByRole("button", { name: "Sign out" }).click();
  await expect(others).toHaveCount(0);
  await theirs.getByRole("link", { name: "Sessions" }).click();
  await expect(theirs).toHaveURL(/\/sign-in/);
  await expect(theirs.getByText("Your session has ended")).toBeVisible();
});

test("signing out in one tab signs out in the others", async ({ page, context, server }) => {
  await enter(context, server);
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

test("the session ends for who signs out, and the page asked for waits for them", async ({ page }) => {
  await page.goto("/account/sessions");
  await signIn(page);
  await expect(page).toHaveURL("/account/sessions");
  await page.getByRole("button", { name: /Your account/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.goto("/account/sessions");
  await expect(page).toHaveURL(/\/sign-in/);
});

test.describe("with access tokens of a few seconds", () => {
  test.use({ settings: { VESTIBULE_ACCESS_TOKEN_TTL: "3s" } });

  test("an access token that has expired is replaced without anybody noticing", async ({
    page,
    context,
    server,
    watch,
  }) => {
    watch.expectRefusal(/^401 GET \/api\/users\/me/);
    await enter(context, server);
    await page.goto("/account");
    await expect(page.getByText(ADMIN).first()).toBeVisible();
    // The server allows for clocks that differ by five seconds.
    await page.waitForTimeout(8_500);
    const refreshes = countRefreshes(page);
    await page.getByRole("link", { name: "Sessions" }).click();
    await expect(page.getByText("This device")).toBeVisible();
    expect(refreshes()).toBe(1);
  });

  test("two tabs share what one of them refreshes", async ({ page, context, server, watch }) => {
    watch.expectRefusal(/^401 GET \/api\/users\/me/);
    await enter(context, server);
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

test("a server that was started again knows the session still", async ({ page, context, server }) => {
  await enter(context, server);
  await page.goto("/account");
  await expect(page.getByText(ADMIN).first()).toBeVisible();
  await server.halt();
  await server.run();
  await page.getByRole("link", { name: "Sessions" }).click();
  await expect(page.getByText("This device")).toBeVisible();
  await page.reload();
  await expect(page.getByText("This device")).toBeVisible();
});

test("while the server is away, a form says so and keeps what was typed", async ({ page, context, server }) => {
  await enter(context, server);
  await page.goto("/account");
  await page.getByLabel("Name").fill("Ada");
  await server.halt();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("Could not save the name");
  await server.run();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Name saved")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("Ada");
});

test("a page that the server cannot give says so, and comes when it can", async ({ page, context, server, watch }) => {
  await enter(context, server);
  await page.goto("/account", { waitUntil: "networkidle" });
  await server.halt();
  await page.getByRole("link", { name: "Sessions" }).click();
  await expect(page.getByRole("heading", { name: "This page could not be loaded" })).toBeVisible();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("button", { name: "Try again" })).toBeEnabled();
  await server.run();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("This device")).toBeVisible();

  // Another release has other names for its parts.
  watch.expectRefusal(/^404 GET \/assets\/security-/);
  await page.route("**/assets/security-*.js", (route) => route.fulfill({ status: 404 }), { times: 1 });
  await page.getByRole("link", { name: "Security" }).click();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "Delete account" })).toBeVisible();
});

test("who is offline is told, and stays signed in", async ({ page, context, server }) => {
  await enter(context, server);
  await page.goto("/account");
  await expect(page.getByText(ADMIN).first()).toBeVisible();
  await context.setOffline(true);
  await expect(page.getByText("You are offline")).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText("You are offline")).toHaveCount(0);
  await page.getByRole("link", { name: "Sessions" }).click();
  await expect(page.getByText("This device")).toBeVisible();
});
