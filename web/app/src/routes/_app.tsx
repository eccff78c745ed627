import { createFileRoute, Outlet, redirect, useRouter } from "@tanstack/react-router";
import { useSession } from "@vestibule/client/react";
import { useEffect } from "react";
import { config } from "zod/mini";
import { AppShell } from "../features/shell/app-shell";
import { isSigningOut, restoreSession } from "../lib/session";
import { SplashPage } from "../ui/splash-page";
import { StandaloneErrorPage } from "../ui/standalone-pages";

// Stops zod from probing `new Function`, which violates the content security policy.
config({ jitless: true });

/** The layout of all pages that require a session. */
export const Route = createFileRoute("/_app")({
  beforeLoad: async ({ location }) => {
    if (!(await restoreSession())) throw redirect({ to: "/sign-in", search: { next: location.href } });
  },
  pendingComponent: SplashPage,
  errorComponent: StandaloneErrorPage,
  component: App,
});

function App() {
  const { status } = useSession();
  const router = useRouter();

  useEffect(() => {
    // The user signed out in another tab, or the session was revoked.
    const next = router.latestLocation.href;
    if (status !== "signed_out" || isSigningOut() || next.startsWith("/sign-in")) return;
    void router.navigate({ to: "/sign-in", search: { next, reason: "session_ended" }, replace: true });
  }, [status, router]);

  if (status !== "signed_in") return <SplashPage />;
  return (
    <AppShell>
      <Outlet />
    </AppShell>
  );
}
