import { join } from "node:path";
import { expectAccessible } from "../support/accessibility";
import { FOR_ADMINS, FOR_MEMBERS, FOR_NOBODY, open } from "../support/pages";
import { MEMBER } from "../support/people";
import { ROOT } from "../support/program";
import { test } from "../support/test";

const SCREENSHOTS = join(ROOT, "target/screenshots");

const GROUPS = { nobody: FOR_NOBODY, members: FOR_MEMBERS, administrators: FOR_ADMINS };

for (const scheme of ["light", "dark"] as const) {
  for (const width of [1280, 360]) {
    test.describe(`${scheme}, ${width} px wide`, () => {
      test.use({ colorScheme: scheme, viewport: { width, height: 800 }, contextOptions: { reducedMotion: "reduce" } });
      // One test looks at many pages, which on a busy machine takes a while.
      test.setTimeout(240_000);

      for (const [whose, pages] of Object.entries(GROUPS)) {
        test(`each page for ${whose} is accessible`, async ({ page, context, server, api, watch }) => {
          watch.expectRefusal(/^401 POST \/api\/auth\/login$/);
          watch.expectRefusal(/^400 POST \/api\/users$/);
          const { id } = await api.person(MEMBER, { name: "Grace Hopper" });
          for (const shown of pages) {
            await test.step(shown.name, async () => {
              await open(page, context, server, shown, id);
              await expectAccessible(page, shown.name);
              await page.screenshot({ path: join(SCREENSHOTS, `${shown.name}-${scheme}-${width}.png`) });
              await page.unrouteAll();
            });
          }
        });
      }
    });
  }
}
