import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, redirect, useRouter } from "@tanstack/react-router";
import { settingsQuery } from "@vestibule/client/query";
import { ArrivalNotice, type ArrivalReason, arrivalReason } from "../../features/auth/arrival-notice";
import { AuthPage } from "../../features/auth/auth-page";
import { SetupHint } from "../../features/auth/setup-hint";
import { SignInForm } from "../../features/auth/sign-in-form";
import { safeNextPath } from "../../lib/next-path";
import { client, restoreSession } from "../../lib/session";
import { TextLink } from "../../ui/links";

interface SignInSearch {
  /** The page to go to afterwards. */
  next?: string | undefined;
  /** What brought people here, if it deserves a word. */
  reason?: ArrivalReason | undefined;
}

export const Route = createFileRoute("/_auth/sign-in")({
  // Both are always returned: what is left out here, the router would take over unchecked.
  validateSearch: (search): SignInSearch => ({
    next: typeof search.next === "string" ? safeNextPath(search.next) : undefined,
    reason: arrivalReason(search.reason),
  }),
  beforeLoad: async ({ search }) => {
    if (await restoreSession()) throw redirect({ href: safeNextPath(search.next) });
  },
  component: SignIn,
});

function SignIn() {
  const { next, reason } = Route.useSearch();
  const { data: settings } = useSuspenseQuery(settingsQuery(client));
  const router = useRouter();

  return (
    <AuthPage
      title="Sign in"
      footer={
        settings.sign_up === "open" && !settings.setup_required ? (
          <>
            New here? <TextLink to="/sign-up">Create an account</TextLink>
          </>
        ) : null
      }
    >
      {settings.setup_required && <SetupHint />}
      <ArrivalNotice reason={reason} />
      <SignInForm onSignedIn={() => router.navigate({ href: safeNextPath(next), replace: true })} />
    </AuthPage>
  );
}
