import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { settingsQuery } from "@vestibule/client/query";
import { useState } from "react";
import { SetupNotice } from "../../features/setup/setup-notice";
import { CheckEmailPage } from "../../features/sign-up/check-email-page";
import { SignUpForm } from "../../features/sign-up/sign-up-form";
import { client } from "../../lib/session";
import { useFirstSignIn } from "../../lib/use-first-sign-in";
import { AccountCreatedPage } from "../../ui/account-created-page";
import { AuthPage } from "../../ui/auth-page";
import { ButtonLink, TextLink } from "../../ui/links";

export const Route = createFileRoute("/_auth/sign-up")({ component: SignUp });

function SignUp() {
  const { data: settings } = useSuspenseQuery(settingsQuery(client));
  const navigate = Route.useNavigate();
  const [unverifiedEmail, setUnverifiedEmail] = useState<string | null>(null);
  const { signIn, failure } = useFirstSignIn();

  async function onSignedUp(email: string, password: string) {
    if (settings.require_verified_email) {
      setUnverifiedEmail(email);
      return;
    }
    if (await signIn(email, password)) await navigate({ to: "/", replace: true });
  }

  if (failure) return <AccountCreatedPage title="Your account was created" failure={failure} />;

  if (settings.sign_up === "closed") {
    return (
      <AuthPage
        title="Sign-up is by invitation only"
        description="Ask an administrator to invite you. You will get an email with a link."
      >
        <ButtonLink to="/sign-in" variant="primary" size="lg" className="w-full">
          Go to sign in
        </ButtonLink>
      </AuthPage>
    );
  }
  if (unverifiedEmail !== null) return <CheckEmailPage email={unverifiedEmail} />;
  return (
    <AuthPage
      title="Create your account"
      footer={
        <>
          Already have an account? <TextLink to="/sign-in">Sign in</TextLink>
        </>
      }
    >
      {settings.setup_required && <SetupNotice />}
      <SignUpForm policy={settings.password} onSignedUp={onSignedUp} />
    </AuthPage>
  );
}
