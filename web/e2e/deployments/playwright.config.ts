import { defineConfig } from "@playwright/test";
import tests from "../playwright.config";
import { HOST } from "./proxy";

const { launchOptions, ...use } = tests.use ?? {};

/** Tests with the proxies of Debian, which CI does not have: `apt-get install nginx caddy haproxy apache2`. */
export default defineConfig({
  ...tests,
  testDir: ".",
  workers: 1,
  use: {
    ...use,
    launchOptions: {
      ...launchOptions,
      args: [...(launchOptions?.args ?? []), `--host-resolver-rules=MAP ${HOST} 127.0.0.1`],
    },
  },
});
