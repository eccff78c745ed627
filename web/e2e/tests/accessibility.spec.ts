import { join } from "node:path";
import { expectAccessible } from "../support/accessibility";
import { MEMBER } from "../support/accounts";
import { ADMIN_PAGES, MEMBER_PAGES, openPage, SIGNED_OUT_PAGES } from "../support/page-states";
import { ROOT } from "../support/spawned-process";
import { test } from "../support/test";

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
    });
  }
}
