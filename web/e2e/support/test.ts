import { type BrowserContext, test as base, type Page } from "@playwright/test";
import { ADMIN, PASSWORD } from "./accounts";
import type { Api } from "./api";
import { BrowserMonitor } from "./browser-monitor";
import { Server, type Settings } from "./server";

interface Fixtures {
  /** Settings of the server, in addition to the test defaults. */
  settings: Settings;
  /** A new server for each test. */
  server: Server;
  /** An API client signed in as the administrator. */
  api: Api;
  monitor: BrowserMonitor;
  /** Opens another browser context, with its own cookies. */
  newContext: () => Promise<BrowserContext>;
}

export const test = base.extend<Fixtures>({
  settings: [{}, { option: true }],
  server: async ({ settings }, use, info) => {
    const server = await Server.create(settings);
    await use(server);
    if (info.status !== info.expectedStatus) await info.attach("server.log", { body: server.log });
    await server.dispose();
  },
  api: async ({ server }, use) => use(await server.signInAsAdmin()),
  baseURL: async ({ server }, use) => use(server.url),
  monitor: async ({ server }, use) => {
    const monitor = new BrowserMonitor([server.url]);
    await use(monitor);
    monitor.expectNoProblems();
  },
  context: async ({ context, monitor }, use) => {
    await monitor.attach(context);
    await use(context);
  },
  newContext: async ({ browser, baseURL, monitor }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext({ ...(baseURL && { baseURL }) });
      contexts.push(context);
      await monitor.attach(context);
      return context;
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});

/** Signs in with the form. */
export async function signIn(page: Page, email = ADMIN, password = PASSWORD): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Signs in with an API request that sets the session cookies. For tests that are not about the sign-in form. */
export async function signInViaApi(context: BrowserContext, server: Server, email = ADMIN): Promise<void> {
  const response = await context.request.post(`${server.url}/api/auth/login`, {
    headers: { Origin: server.url, "X-Requested-With": "tests" },
    data: { email, password: PASSWORD, transport: "cookie" },
  });
  if (!response.ok()) throw new Error(`${response.status()}: ${await response.text()}`);
}
