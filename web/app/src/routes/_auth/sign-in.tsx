import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, redirect, useRouter } from "@tanstack/react-router";
import { settingsQuery } from "@vestibule/client/query";
import { SetupNotice } from "../../features/setup/setup-notice";
import { SignInForm } from "../../features/sign-in/sign-in-form";
import { parseSignInReason, type SignInReason, SignInReasonNotice } from "../../features/sign-in/sign-in-reason";
import { safeNextPath } from "../../lib/next-path";
import { client, restoreSession } from "../../lib/session";
import { AuthPage } from "../../ui/auth-page";
import { TextLink } from "../../ui/links";

interface SignInSearch {
  /** The page to open after sign-in. */
  next?: string | undefined;
  /** The reason for opening the page, shown as a notice. */
  reason?: SignInReason | undefined;
}

export const Route = createFileRoute("/_auth/sign-in")({
  // Returns every key, because the router keeps the unvalidated value of a missing one.
  validateSearch: (search): SignInSearch => ({
    next: typeof search.next === "string" ? safeNextPath(search.next) : undefined,
    reason: parseSignInReason(search.reason),
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
      {settings.setup_required && <SetupNotice />}
      <SignInReasonNotice reason={reason} />
      <SignInForm onSignedIn={() => router.navigate({ href: safeNextPath(next), replace: true })} />
    </AuthPage>
  );
}
