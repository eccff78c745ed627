import { type BrowserContext, test as base, type Page } from "@playwright/test";
import type { Api } from "./api";
import { ADMIN, PASSWORD } from "./people";
import { Server, type Settings } from "./server";
import { Watch } from "./watch";

interface Fixtures {
  /** Settings of the server, beside the defaults of the tests. */
  settings: Settings;
  /** A server of its own for the test. */
  server: Server;
  /** The API in the administrator's name. */
  api: Api;
  watch: Watch;
  /** Opens another browser, with cookies of its own. */
  anotherBrowser: () => Promise<BrowserContext>;
}

export const test = base.extend<Fixtures>({
  settings: [{}, { option: true }],
  server: async ({ settings }, use, info) => {
    const server = await Server.start(settings);
    await use(server);
    if (info.status !== info.expectedStatus) await info.attach("server.log", { body: server.log });
    await server.stop();
  },
  api: async ({ server }, use) => use(await server.asAdmin()),
  baseURL: async ({ server }, use) => use(server.url),
  watch: async ({ server }, use) => {
    const watch = new Watch([server.url]);
    await use(watch);
    watch.check();
  },
  context: async ({ context, watch }, use) => {
    await watch.observe(context);
    await use(context);
  },
  anotherBrowser: async ({ browser, baseURL, watch }, use) => {
    const opened: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext({ ...(baseURL && { baseURL }) });
      opened.push(context);
      await watch.observe(context);
      return context;
    });
    await Promise.all(opened.map((context) => context.close()));
  },
});

/** Signs in by the form, as people do. */
export async function signIn(page: Page, email = ADMIN, password = PASSWORD): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Gives a browser the cookies of somebody who signed in, where signing in is not what the test is about. */
export async function enter(context: BrowserContext, server: Server, email = ADMIN): Promise<void> {
  const answer = await context.request.post(`${server.url}/api/auth/login`, {
    headers: { Origin: server.url, "X-Requested-With": "tests" },
    data: { email, password: PASSWORD, transport: "cookie" },
  });
  if (!answer.ok()) throw new Error(`${answer.status()}: ${await answer.text()}`);
}
