import { createFileRoute, notFound, Outlet, redirect, useRouter } from "@tanstack/react-router";
import { useSession } from "@vestibule/client/react";
import { lazy, type ReactNode, Suspense, useEffect } from "react";
import { config } from "zod/mini";
import { AppShell } from "../features/shell/app-shell";
import { StepUp } from "../features/sign-in/step-up";
import { client, isSigningOut, restoreSession, useSessionEnded } from "../lib/session";
import { NotFoundPage } from "../ui/not-found-page";
import { SplashPage } from "../ui/splash-page";
import { StandaloneErrorPage, StandaloneNotFoundPage } from "../ui/standalone-pages";

const SessionEnded = lazy(() => import("../features/sign-in/session-ended"));

// Stops zod from probing `new Function`, which violates the content security policy.
config({ jitless: true });

/** The layout of all pages that require a session. */
export const Route = createFileRoute("/_app")({
  beforeLoad: async ({ location, matches }) => {
    if (await restoreSession()) return;
    // Signed out, an unknown page does not ask to sign in.
    if (matches.some(({ routeId }) => routeId === "/_app/$")) throw notFound();
    throw redirect({ to: "/sign-in", search: { next: location.href } });
  },
  pendingComponent: SplashPage,
  errorComponent: StandaloneErrorPage,
  notFoundComponent: NotFound,
  component: () => <App />,
});

/** The 404 page in the app shell, also for a resource whose loader throws `notFound`. */
function NotFound() {
  const { status } = useSession();
  if (status === "signed_out") return <StandaloneNotFoundPage />;
  return (
    <App>
      <NotFoundPage />
    </App>
  );
}

function App({ children = <Outlet /> }: { children?: ReactNode }) {
  const session = useSession();
  const { status } = session;
  const hasEnded = useSessionEnded();
  const router = useRouter();

  useEffect(() => {
    // The user signed out in another tab, or the session was revoked.
    const next = router.latestLocation.href;
    if (status !== "signed_out" || isSigningOut() || next.startsWith("/sign-in")) return;
    void router.navigate({ to: "/sign-in", search: { next, reason: "session_ended" }, replace: true });
  }, [status, router]);

  useEffect(() => client.session.release, []);

  if (session.status !== "signed_in") return <SplashPage />;
  // The key discards the edits of a different user.
  return (
    <AppShell key={session.user.id}>
      <Suspense>{hasEnded && <SessionEnded onDiscard={client.session.release} />}</Suspense>
      {children}
      <StepUp />
    </AppShell>
  );
}
