import { useQuery } from "@tanstack/react-query";
import { Link, useRouterState } from "@tanstack/react-router";
import { meQuery } from "@vestibule/client/query";
import { Menu as MenuIcon, Search } from "lucide-react";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { client } from "../../lib/session";
import { UnsavedChangesContext } from "../../lib/unsaved-changes";
import { buttonClass, iconButtonClass } from "../../ui/button";
import { cx } from "../../ui/cx";
import { Kbd } from "../../ui/kbd";
import { Logo } from "../../ui/logo";
import { Toaster } from "../../ui/toaster";
import { useUnsavedChangesGuard } from "../../ui/unsaved-changes-guard";
import { NavigationLinks } from "./navigation-links";
import { OfflineBanner } from "./offline-banner";
import { SecondFactorBanner } from "./second-factor-banner";
import { UserMenu } from "./user-menu";

const CommandPalette = lazy(() => import("./command-palette"));
const NavigationDrawer = lazy(() => import("./navigation-drawer"));

/** The layout of all signed-in pages: a sidebar on wide screens, a top bar with a drawer on narrow ones. */
export function AppShell({ children }: { children: ReactNode }) {
  const [drawer, setDrawer] = useState(false);
  const [palette, setPalette] = useState(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [unsavedChanges, discardDialog] = useUnsavedChangesGuard();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the drawer closes on navigation
  useEffect(() => setDrawer(false), [path]);
  useQuery(meQuery(client)); // refetches on window focus, so that changed permissions take effect
  usePaletteShortcut(() => setPalette((open) => !open));

  return (
    <UnsavedChangesContext value={unsavedChanges}>
      <div className="lg:grid lg:min-h-dvh lg:grid-cols-[14rem_minmax(0,1fr)]">
        <a
          href="#content"
          className={cx(buttonClass({ variant: "primary" }), "fixed top-2 left-2 z-60 not-focus:sr-only")}
        >
          Skip to content
        </a>

        <aside className="sticky top-0 hidden h-dvh flex-col border-line border-r p-3 lg:flex">
          <Brand />
          <button
            type="button"
            aria-keyshortcuts="Control+K Meta+K"
            className="control mb-3 flex h-8 w-full items-center gap-2 border-line px-2 text-muted text-sm shadow-card"
            onClick={() => setPalette(true)}
          >
            <Search aria-hidden className="size-4" />
            <span className="flex-1 text-left">Search</span>
            <Kbd>{isApple ? "⌘K" : "Ctrl K"}</Kbd>
          </button>
          <NavigationLinks className="min-h-0 flex-1 overflow-y-auto" />
          <UserMenu />
        </aside>

        <header className="sticky top-0 z-20 flex h-12 items-center gap-2 border-line border-b bg-canvas px-2 lg:hidden">
          <button
            type="button"
            className={iconButtonClass()}
            aria-label="Open navigation"
            onClick={() => setDrawer(true)}
          >
            <MenuIcon aria-hidden />
          </button>
          <Brand compact />
          <button
            type="button"
            className={cx(iconButtonClass(), "ml-auto")}
            aria-label="Search"
            onClick={() => setPalette(true)}
          >
            <Search aria-hidden />
          </button>
        </header>

        <main id="content" tabIndex={-1} className="min-w-0 px-4 py-6 sm:px-6 lg:px-10 lg:py-8">
          <div className="mx-auto max-w-6xl">
            <OfflineBanner />
            <SecondFactorBanner />
            {children}
          </div>
        </main>

        <Suspense>
          {palette && <CommandPalette open onOpenChange={setPalette} />}
          {drawer && (
            <NavigationDrawer open onOpenChange={setDrawer}>
              <NavigationLinks className="min-h-0 flex-1 overflow-y-auto" />
              <UserMenu />
            </NavigationDrawer>
          )}
        </Suspense>
        <Toaster />
      </div>
      {discardDialog}
    </UnsavedChangesContext>
  );
}

function Brand({ compact = false }: { compact?: boolean }) {
  return (
    <Link to="/" className={cx("flex items-center gap-2 rounded-md font-semibold", !compact && "mb-4 px-1 pt-1")}>
      <Logo className="size-6" />
      Vestibule
    </Link>
  );
}

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Toggles the command palette with Ctrl+K, or ⌘K on Apple devices. */
function usePaletteShortcut(toggle: () => void) {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.key.toLowerCase() !== "k" || !(isApple ? event.metaKey : event.ctrlKey)) return;
      event.preventDefault();
      toggle();
    }
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  });
}
