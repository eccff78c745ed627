import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { settingsKey, settingsQuery } from "@vestibule/client/query";
import { signIn } from "../../features/auth/api";
import { AuthPage } from "../../features/auth/auth-page";
import { SetUpForm } from "../../features/auth/set-up-form";
import { SetupHint } from "../../features/auth/setup-hint";
import { useFragmentToken } from "../../features/auth/use-fragment-token";
import { client } from "../../lib/session";
import { ButtonLink } from "../../ui/links";

export const Route = createFileRoute("/_auth/setup")({ component: Setup });

/** The first start: whoever has the link that the server printed becomes its administrator. */
function Setup() {
  const { data: settings } = useSuspenseQuery(settingsQuery(client));
  const token = useFragmentToken();
  const queries = useQueryClient();
  const navigate = Route.useNavigate();

  async function onSetUp(email: string, password: string) {
    await queries.invalidateQueries({ queryKey: settingsKey, refetchType: "none" });
    await signIn({ email, password });
    await navigate({ to: "/", replace: true });
  }

  if (!settings.setup_required) {
    return (
      <AuthPage
        title="Setup is done"
        description="This server has an administrator. Sign in, or ask an administrator for an account."
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
        <SetupHint />
      </AuthPage>
    );
  }
  return (
    <AuthPage
      title="Set up this server"
      description="Create the first administrator. You can add more people afterwards."
    >
      <SetUpForm token={token} policy={settings.password} onSetUp={onSetUp} />
    </AuthPage>
  );
}
