import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { expectAccessible } from "../support/accessibility";
import { ADMIN, MEMBER } from "../support/accounts";
import { VirtualAuthenticator } from "../support/authenticator";
import { saveRecoveryCodes, setUpTotp } from "../support/factors";
import { ADMIN_PAGES, MEMBER_PAGES, openPage, SIGNED_OUT_PAGES } from "../support/page-states";
import { ROOT } from "../support/spawned-process";
import { signIn, signInViaApi, test } from "../support/test";

const SCREENSHOTS = join(ROOT, "target/screenshots");

const GROUPS = { "signed-out": SIGNED_OUT_PAGES, member: MEMBER_PAGES, administrator: ADMIN_PAGES };

for (const scheme of ["light", "dark"] as const) {
  for (const width of [1280, 360]) {
    test.describe(`${scheme}, ${width} px wide`, () => {
      test.use({ colorScheme: scheme, viewport: { width, height: 800 }, contextOptions: { reducedMotion: "reduce" } });
      // Each test opens many pages.
      test.setTimeout(240_000);

      for (const [group, states] of Object.entries(GROUPS)) {
        test(`${group} pages are accessible`, async ({ page, context, server, api, monitor }) => {
          monitor.allowErrorResponse(/^401 POST \/api\/auth\/login$/);
          monitor.allowErrorResponse(/^400 POST \/api\/users$/);
          const { id } = await api.createUser(MEMBER, { name: "Grace Hopper" });
          for (const state of states) {
            await test.step(state.name, async () => {
              await openPage(page, context, server, state, id);
              await expectAccessible(page, state.name, state.exceptRules);
              await page.screenshot({ path: join(SCREENSHOTS, `${state.name}-${scheme}-${width}.png`) });
              await page.unrouteAll();
            });
          }
        });
      }

      test("second factors are accessible", async ({ page, context, server, api, monitor }) => {
        monitor.allowErrorResponse(/^403 POST \/api\/auth\/login$/);
        monitor.allowErrorResponse(/^403 GET \/api\/users\/me\/export$/);
        const check = async (name: string) => {
          await expectAccessible(page, name);
          await page.screenshot({ path: join(SCREENSHOTS, `${name}-${scheme}-${width}.png`), fullPage: true });
        };
        await api.send("PATCH", `/api/roles/${(await api.createRole("support", ["users:read"])).id}`, {
          requires_second_factor: true,
        });
        const { id } = await api.createUser(MEMBER, { name: "Grace Hopper", roles: ["support"] });
        const authenticator = await VirtualAuthenticator.add(page);

        await signInViaApi(context, server, MEMBER);
        await page.goto("/admin/users");
        await expect(page.getByRole("heading", { name: "Set up a second factor to continue" })).toBeVisible();
        await check("second-factor-required");

        await page.goto("/account");
        await expect(page.getByText("Set up a second factor to use your permissions")).toBeVisible();
        await check("second-factor-banner");

        await page.goto("/account/security");
        await expect(page.getByText("Your role support requires a second factor")).toBeVisible();
        await check("security-required");
        await page.getByRole("button", { name: "Set up app…" }).click();
        await expect(page.getByRole("img", { name: /QR code/ })).toBeVisible();
        await check("set-up-totp");
        await page.keyboard.press("Escape");
        await setUpTotp(page);
        await expect(page.getByRole("alertdialog").getByRole("listitem")).toHaveCount(10);
        await check("recovery-codes");
        await saveRecoveryCodes(page);
        await page.getByRole("button", { name: "Add a passkey" }).click();
        await expect(page.getByRole("list", { name: "Passkeys" })).toBeVisible();
        await check("security-set-up");

        await page.goto("/account");
        await stubStepUp(page);
        await page.getByRole("button", { name: "Download" }).click();
        await expect(page.getByRole("dialog").getByRole("button", { name: "Use passkey" })).toBeVisible();
        await check("step-up-passkey");
        await page.getByRole("button", { name: "Authenticator app" }).click();
        await expect(page.getByRole("dialog").getByLabel("Code", { exact: true })).toBeFocused();
        await check("step-up-code");

        await authenticator.setPresence(false);
        await context.clearCookies();
        await page.goto("/sign-in");
        await signIn(page, MEMBER);
        await expect(page.getByText("One more step")).toBeVisible();
        await check("second-step-passkey");
        await page.getByRole("button", { name: "Authenticator app" }).click();
        await check("second-step-code");
        await page.getByRole("button", { name: "Recovery code" }).click();
        await check("second-step-recovery-code");

        await context.clearCookies();
        await signInViaApi(context, server, ADMIN);
        await page.goto(`/admin/users/${id}`);
        await expect(page.getByText("10 left")).toBeVisible();
        await check("user-factors");
        await page.getByRole("button", { name: "Remove second factors…" }).click();
        await expect(page.getByRole("alertdialog")).toBeVisible();
        await check("remove-factors");
        await page.goto("/admin/roles");
        await page.getByRole("link", { name: "admin", exact: true }).click();
        await expect(page.getByRole("checkbox", { name: "Requires a second factor" })).toBeEnabled();
        await check("role-second-factor");
      });
    });
  }
}

/** Makes the export require a step-up. */
async function stubStepUp(page: Page): Promise<void> {
  await page.route("**/api/users/me/export", (route) =>
    route.fulfill({
      status: 403,
      contentType: "application/problem+json",
      json: {
        code: "step_up_required",
        status: 403,
        title: "Step-up required",
        detail: "A recent proof of identity is required",
        request_id: "request-1",
        methods: ["totp", "passkey", "recovery_code"],
        max_age: 600,
      },
    }),
  );
}
