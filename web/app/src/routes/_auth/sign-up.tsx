import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { settingsQuery } from "@vestibule/client/query";
import { useState } from "react";
import { signIn } from "../../features/auth/api";
import { AuthPage } from "../../features/auth/auth-page";
import { SetupHint } from "../../features/auth/setup-hint";
import { SignUpForm } from "../../features/auth/sign-up-form";
import { SignedUp } from "../../features/auth/signed-up";
import { client } from "../../lib/session";
import { ButtonLink, TextLink } from "../../ui/links";

export const Route = createFileRoute("/_auth/sign-up")({ component: SignUp });

function SignUp() {
  const { data: settings } = useSuspenseQuery(settingsQuery(client));
  const navigate = Route.useNavigate();
  const [waitingFor, setWaitingFor] = useState<string | null>(null);

  async function onSignedUp(email: string, password: string) {
    if (settings.require_verified_email) {
      setWaitingFor(email);
      return;
    }
    await signIn({ email, password });
    await navigate({ to: "/", replace: true });
  }

  if (settings.sign_up === "closed") {
    return (
      <AuthPage
        title="Sign-up is closed"
        description="Accounts are made by an administrator here. Ask one to invite you; you will get a link by mail."
      >
        <ButtonLink to="/sign-in" variant="primary" size="lg" className="w-full">
          Go to sign in
        </ButtonLink>
      </AuthPage>
    );
  }
  if (waitingFor !== null) return <SignedUp email={waitingFor} />;
  return (
    <AuthPage
      title="Create an account"
      footer={
        <>
          Have one already? <TextLink to="/sign-in">Sign in</TextLink>
        </>
      }
    >
      {settings.setup_required && <SetupHint />}
      <SignUpForm policy={settings.password} onSignedUp={onSignedUp} />
    </AuthPage>
  );
}
