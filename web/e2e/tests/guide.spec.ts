import { join } from "node:path";
import { expect } from "@playwright/test";
import { ADMIN, PASSWORD } from "../support/accounts";
import { findFreePort, ROOT, SpawnedProcess } from "../support/spawned-process";
import { test as base } from "../support/test";

const test = base.extend<{ origin: string; guide: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright requires a destructuring pattern here
  origin: async ({}, use) => use(`http://localhost:${await findFreePort()}`),
  settings: async ({ origin }, use) => use({ VESTIBULE_CORS_ORIGINS: origin }),
  guide: async ({ origin, server, monitor }, use) => {
    const { port } = new URL(origin);
    const vite = new SpawnedProcess(
      process.execPath,
      [join(ROOT, "web/node_modules/vite/bin/vite.js"), "--port", port, "--strictPort"],
      { cwd: join(ROOT, "web/examples/guide"), env: { ...process.env, VITE_API_URL: server.url } },
    );
    await vite.waitForOutput(/Local/);
    monitor.allowOrigin(origin);
    await use(origin);
    await vite.kill();
  },
});

test("the example app works from another origin", async ({ page, guide, monitor }) => {
  monitor.allowErrorResponse(/^401 GET \/api\/users$/);
  monitor.allowErrorResponse(/^40[01] POST \/api\//);
  await page.goto(guide);
  await expect(page.getByRole("alert").first()).toBeVisible();

  const signIn = page.getByRole("form", { name: "Sign in" });
  await signIn.getByLabel("Email").fill(ADMIN);
  await signIn.getByLabel("Password").fill("wrong");
  await signIn.getByRole("button", { name: "Sign in" }).click();
  await expect(signIn.getByRole("alert")).toBeVisible();
  await signIn.getByLabel("Password").fill(PASSWORD);
  await signIn.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText(ADMIN)).toBeVisible();

  const create = page.getByRole("form", { name: "Create a user" });
  for (const outcome of ["created", "taken"]) {
    await create.getByLabel("Email").fill("grace@example.com");
    await create.getByLabel("Password").fill(PASSWORD);
    await create.getByRole("button", { name: "Create" }).click();
    if (outcome === "created")
      await expect(page.getByRole("listitem").filter({ hasText: "grace@example.com" })).toBeVisible();
    else await expect(create.getByRole("alert")).toBeVisible();
  }
  await page.reload();
  await expect(page.getByText("grace@example.com")).toBeVisible();
});
