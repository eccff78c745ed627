import { expect, type Page, test } from "@playwright/test";
import { ADMIN, PASSWORD } from "../support/accounts";
import { Api } from "../support/api";
import { control } from "../support/page";
import { Server, type Settings } from "../support/server";
import { findFreePort } from "../support/spawned-process";
import { signIn } from "../support/test";
import { HOST, type ProxyName, ProxyServer } from "./proxy";

/** A server that derives its public URL from its address. */
const ADDRESS_ONLY: Settings = { VESTIBULE_PUBLIC_URL: "" };

test.use({ ignoreHTTPSErrors: true });

/** Signs up, edits the profile, signs out and in, reloads, edits a user as administrator, and signs out. */
async function useEverything(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/sign-up`);
  await page.getByLabel("Email").fill("grace@example.com");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  // The sign-up form has a field for the name too.
  await expect(page.getByRole("heading", { name: "Profile" })).toBeVisible();
  await rename(page, "Grace Hopper");
  await signOut(page);

  await signIn(page, ADMIN);
  await expect(page).toHaveURL(/\/admin\/users/);
  await page.reload();
  await page
    .getByRole("link", { name: /Grace Hopper|grace@example.com/ })
    .first()
    .click();
  // Twice, because the second edit sends the version that the proxy may have changed.
  for (const name of ["Rear Admiral Hopper", "Amazing Grace"]) await rename(page, name);
  await page.reload();
  await expect(control(page, "Name")).toHaveValue("Amazing Grace");
  await signOut(page);
}

async function rename(page: Page, name: string): Promise<void> {
  await control(page, "Name").fill(name);
  const saved = page.waitForResponse((response) => response.request().method() === "PATCH");
  const save = page.getByRole("button", { name: /^Save/ });
  await save.click();
  expect((await saved).status()).toBe(200);
  await expect(save).toBeDisabled();
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Your account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
}

test("changed port alone", async ({ page }) => {
  const server = await Server.create(ADDRESS_ONLY);
  await useEverything(page, server.url);
  await server.dispose();
});

test("127.0.0.1 instead of localhost", async ({ page }) => {
  const server = await Server.create(ADDRESS_ONLY);
  await useEverything(page, server.url.replace("localhost", "127.0.0.1"));
  await server.dispose();
});

test("setup link of a changed port", async ({ page }) => {
  const server = await Server.create({ ...ADDRESS_ONLY, VESTIBULE_ADMIN_EMAIL: "", VESTIBULE_ADMIN_PASSWORD: "" });
  await page.goto(await server.setupLink());
  await page.getByLabel("Email").fill(ADMIN);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: /Create/ }).click();
  await expect(page).toHaveURL(/\/admin\/users/);
  await server.dispose();
});

test("two servers on one host keep their sessions apart", async ({ page, context }) => {
  const servers = [await Server.create(ADDRESS_ONLY), await Server.create(ADDRESS_ONLY)];
  const other = await context.newPage();
  const [first, second] = servers.map((server) => server.url);
  await page.goto(`${first}/sign-in`);
  await signIn(page);
  await expect(page).toHaveURL(/\/admin\/users/);
  await other.goto(`${second}/sign-in`);
  await signIn(other);
  await expect(other).toHaveURL(/\/admin\/users/);
  for (const tab of [page, other]) {
    await tab.reload();
    await expect(tab.getByRole("heading", { name: "Users" })).toBeVisible();
  }
  await signOut(other);
  await page.reload();
  await expect(page.getByRole("heading", { name: "Users" })).toBeVisible();
  for (const server of servers) await server.dispose();
});

for (const name of ["nginx", "caddyfile", "haproxy", "apache"] satisfies ProxyName[]) {
  test(`behind ${name}`, async ({ page }) => {
    const port = await findFreePort();
    const url = `https://${HOST}:${port}`;
    const server = await Server.create({ VESTIBULE_PUBLIC_URL: url, VESTIBULE_TRUSTED_PROXIES: "127.0.0.1" });
    const proxy = await ProxyServer.start(name, port, Number(new URL(server.url).port));
    await useEverything(page, url);
    await expectRealAddress(page, server, url);
    await proxy.stop();
    await server.dispose();
  });
}

/** Checks that the audit log has the address of the client, although the client sends a different one. */
async function expectRealAddress(page: Page, server: Server, url: string): Promise<void> {
  await page.goto(url);
  const status = await page.evaluate(async () => {
    const response = await fetch("/api/auth/login", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Forwarded-For": "203.0.113.9" },
      body: JSON.stringify({ email: "grace@example.com", password: "wrong" }),
    });
    return response.status;
  });
  expect(status).toBe(401);
  const api = await Api.signIn(server.url, ADMIN, PASSWORD);
  const events = await api.send("GET", "/api/audit-events?action=session.refused");
  expect(events).toMatchObject([{ ip_address: "127.0.0.1" }]);
}
