#!/usr/bin/env node
// Follows docs/add-sign-in-to-react.md in a temporary folder: packs the client, runs the commands and writes the files of
// the page, builds the apps for Vite, React Router and Next.js, and signs in to each in Chromium.
//
// Usage: scripts/try-client.mjs [SERVER_URL]   (default: http://localhost:8000)
//
// The server must have open sign-up and accept requests from http://localhost:5173 and http://localhost:3000. Not part of
// CI: it installs the latest Vite and Next.js from npm, and takes some minutes.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PAGE_URL = "http://localhost:8000";
const server = (process.argv[2] ?? PAGE_URL).replace(/\/$/, "");
const root = fileURLToPath(new URL("../", import.meta.url));
const { chromium } = createRequire(join(root, "web/e2e/package.json"))("@playwright/test");

const vite = { app: "my-app", start: "npx vite preview --port 5173 --strictPort", port: 5173 };
const next = { app: "my-next-app", start: "npx next start --port 3000", port: 3000 };
const account = { EMAIL: `try-${Date.now()}@example.com`, PASSWORD: "correct horse battery staple" };

const folder = mkdtempSync(join(tmpdir(), "vestibule-try-client-"));
const screenshots = join(root, "target/screenshots/try-client");
mkdirSync(screenshots, { recursive: true });
try {
  run(`npm --prefix ${root}web run pack:client -- --pack-destination ${folder}`, folder);
  follow("Vite", folder, vite.app);
  await tryInBrowser("Vite", vite, "Create account");
  follow("Plain Node", join(folder, vite.app), vite.app);
  follow("Tests", join(folder, vite.app), vite.app);
  follow("React Router", join(folder, vite.app), vite.app);
  await tryInBrowser("React Router", vite, "Sign in");
  follow("Next.js", folder, next.app);
  await tryInBrowser("Next.js", next, "Sign in");
  console.log(`try-client: everything on the page works with ${server}. Screenshots: ${screenshots}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Runs the commands of a section of the page in `cwd`, and writes its files to the folder of the app, in their order. */
function follow(section, cwd, app) {
  const page = readFileSync(join(root, "docs/add-sign-in-to-react.md"), "utf8");
  const text = page.split(/^## /m).find((part) => part.startsWith(`${section}\n`));
  for (const [, path, language, code] of text.matchAll(/(?:^`(\S+)`:\n\n)?^```(\w+)\n(.*?)^```/gms)) {
    if (language === "sh") run(`set -e; ${code}`, cwd);
    else write(join(folder, app, path), code.replaceAll(PAGE_URL, server));
  }
}

/** Builds and serves the app. Signs up or in, reloads, signs out and signs in again, and takes screenshots. */
async function tryInBrowser(section, { app, start, port }, firstButton) {
  run("npm run build", join(folder, app));
  const preview = spawn(start, { cwd: join(folder, app), shell: true, stdio: "inherit", detached: true });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
  try {
    const url = `http://localhost:${port}/`;
    await waitUntilServed(url);
    const page = await browser.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    const signedIn = page.getByRole("heading", { name: `Hello ${account.EMAIL}` });
    const submit = async (button) => {
      await page.getByLabel("Email").fill(account.EMAIL);
      await page.getByLabel("Password", { exact: true }).fill(account.PASSWORD);
      await screenshot(page, `${section}-${button}`);
      await page.getByRole("button", { name: button, exact: true }).click();
      await signedIn.waitFor();
    };

    await page.goto(url);
    if (firstButton === "Create account") await page.getByRole("button", { name: "Create one" }).click();
    await submit(firstButton);
    await page.reload();
    await signedIn.waitFor();
    await page.getByRole("button", { name: `Account: ${account.EMAIL}` }).click();
    await screenshot(page, `${section}-menu`);
    await page.getByRole("button", { name: "Sign out" }).click();
    await submit("Sign in");
    if (errors.length > 0) throw new Error(errors.join("\n"));
    console.log(`try-client: ${section}: signed in, also after a reload, and signed out`);
  } finally {
    await browser.close();
    process.kill(-preview.pid);
  }
}

async function screenshot(page, name) {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1280, 360]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      const file = `${name}-${colorScheme}-${width}.png`.toLowerCase().replaceAll(" ", "-");
      await page.screenshot({ path: join(screenshots, file) });
    }
  }
}

async function waitUntilServed(url) {
  for (let attempt = 0; attempt < 60; attempt++) {
    if (await fetch(url).then((response) => response.ok, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`nothing is served at ${url}`);
}

function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function run(command, cwd) {
  const env = { ...process.env, ...account };
  execFileSync("bash", ["-c", command], { cwd, env, stdio: ["ignore", "inherit", "inherit"] });
}
