import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { settingsKey, settingsQuery } from "@vestibule/client/query";
import { SetupForm } from "../../features/setup/setup-form";
import { SetupNotice } from "../../features/setup/setup-notice";
import { client } from "../../lib/session";
import { useFirstSignIn } from "../../lib/use-first-sign-in";
import { useFragmentToken } from "../../lib/use-fragment-token";
import { AccountCreatedPage } from "../../ui/account-created-page";
import { AuthPage } from "../../ui/auth-page";
import { ButtonLink } from "../../ui/links";

export const Route = createFileRoute("/_auth/setup")({ component: Setup });

/** Creates the first administrator. Requires the setup link that the server prints at startup while it has none. */
function Setup() {
  const { data: settings } = useSuspenseQuery(settingsQuery(client));
  const token = useFragmentToken();
  const queries = useQueryClient();
  const navigate = Route.useNavigate();
  const { signIn, failure } = useFirstSignIn();

  async function onComplete(email: string, password: string) {
    await queries.invalidateQueries({ queryKey: settingsKey, refetchType: "none" });
    if (await signIn(email, password)) await navigate({ to: "/", replace: true });
  }

  if (failure) return <AccountCreatedPage title="The administrator was created" failure={failure} />;

  if (!settings.setup_required) {
    return (
      <AuthPage
        title="Setup is complete"
        description="This server already has an administrator. Sign in, or ask an administrator for an account."
      >
        <ButtonLink to="/sign-in" variant="primary" size="lg" className="w-full">
          Go to sign in
        </ButtonLink>
      </AuthPage>
    );
  }
  if (token === null) {
    return (
      <AuthPage title="Set up this server">
        <SetupNotice />
      </AuthPage>
    );
  }
  return (
    <AuthPage title="Set up this server" description="Create the first administrator. You can invite more users later.">
      <SetupForm token={token} policy={settings.password} onComplete={onComplete} />
    </AuthPage>
  );
}
