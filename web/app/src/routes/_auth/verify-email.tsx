import { createFileRoute } from "@tanstack/react-router";
import { useSession } from "@vestibule/client/react";
import { useState } from "react";
import { resendVerification, verifyEmail } from "../../features/auth/api";
import { AuthPage } from "../../features/auth/auth-page";
import { ExpiredLink } from "../../features/auth/expired-link";
import { LinkForm } from "../../features/auth/link-form";
import { OnePress } from "../../features/auth/one-press";
import { useFragmentToken } from "../../features/auth/use-fragment-token";
import { VerifyForm } from "../../features/auth/verify-form";
import { client, restoreSession } from "../../lib/session";

export const Route = createFileRoute("/_auth/verify-email")({
  beforeLoad: restoreSession,
  component: VerifyEmail,
});

/** Where links to verify an address lead. */
function VerifyEmail() {
  const token = useFragmentToken();
  const session = useSession();
  const email = session.status === "signed_in" ? session.user.email : null;
  const [state, setState] = useState<"session" | "password" | "expired">(email === null ? "password" : "session");
  const navigate = Route.useNavigate();

  async function onVerified() {
    if (email === null) return navigate({ to: "/sign-in", search: { reason: "email_verified" }, replace: true });
    await client.getCurrentUser();
    return navigate({ to: "/account/security", replace: true });
  }

  if (token === null || state === "expired") {
    return (
      <ExpiredLink description="Links to verify an address work once, within 24 hours. Enter the address to get a new one.">
        <LinkForm send={resendVerification} action="Send a new link" email={email ?? ""} />
      </ExpiredLink>
    );
  }
  if (state === "session") {
    return (
      <AuthPage title="Verify your email address" description={`You are signed in as ${email}.`}>
        <OnePress
          action="Verify the address"
          failureTitle="Could not verify the address"
          send={() => verifyEmail({ token })}
          onDone={onVerified}
          onExpired={() => setState("password")} // or it is another account's
        />
      </AuthPage>
    );
  }
  return (
    <AuthPage
      title="Verify the email address"
      description="Enter the account's password, to show that the account is yours too."
    >
      <VerifyForm token={token} onVerified={onVerified} onWantNewLink={() => setState("expired")} />
    </AuthPage>
  );
}
