import { createFileRoute, Outlet, redirect, useRouter } from "@tanstack/react-router";
import { useSession } from "@vestibule/client/react";
import { useEffect } from "react";
import { config } from "zod/mini";
import { AppShell } from "../features/shell/app-shell";
import { isSigningOut, restoreSession } from "../lib/session";
import { SplashPage } from "../ui/splash-page";
import { StandaloneErrorPage } from "../ui/standalone-pages";

// zod would try `new Function`, which the content security policy forbids and reports.
config({ jitless: true });

/** Every page that needs somebody to be signed in. */
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
    // Another tab signed out, or the session was ended from elsewhere.
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
