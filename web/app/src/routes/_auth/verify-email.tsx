import { createFileRoute } from "@tanstack/react-router";
import type { Me } from "@vestibule/client";
import { useSession } from "@vestibule/client/react";
import { useState } from "react";
import { AlreadyVerifiedPage } from "../../features/email-verification/already-verified-page";
import { VerifyEmailForm } from "../../features/email-verification/verify-email-form";
import { client, restoreSession } from "../../lib/session";
import { useFragmentToken } from "../../lib/use-fragment-token";
import { AuthPage } from "../../ui/auth-page";
import { ConfirmLinkButton } from "../../ui/confirm-link-button";
import { ExpiredLinkPage } from "../../ui/expired-link-page";
import { RequestLinkForm } from "../../ui/request-link-form";

export const Route = createFileRoute("/_auth/verify-email")({
  beforeLoad: restoreSession,
  component: VerifyEmail,
});

/** Confirm with the session, confirm with the password, request a new link, or nothing left to do. */
type State = "session" | "password" | "expired" | "verified";

function firstState(user: Me | null): State {
  if (!user) return "password";
  return user.email_verified ? "verified" : "session";
}

/** The page behind the links in verification emails. */
function VerifyEmail() {
  const token = useFragmentToken();
  const session = useSession();
  const user = session.status === "signed_in" ? session.user : null;
  const [state, setState] = useState(() => firstState(user));
  const navigate = Route.useNavigate();

  async function onVerified() {
    if (!user) return navigate({ to: "/sign-in", search: { reason: "email_verified" }, replace: true });
    await client.getCurrentUser();
    return navigate({ to: "/account", replace: true });
  }

  if (state === "verified") return <AlreadyVerifiedPage email={user?.email} />;
  if (token === null || state === "expired") {
    return (
      <ExpiredLinkPage description="Verification links can be used once and expire after 24 hours. Enter your email address to get a new one.">
        <RequestLinkForm
          send={(body) => client.resendVerificationEmail({ body })}
          action="Send a new link"
          email={user?.email}
          confirmation={(email) => <>If {email} still needs verification, we've sent a link.</>}
        />
      </ExpiredLinkPage>
    );
  }
  if (state === "session") {
    return (
      <AuthPage title="Verify your email address" description={`You are signed in as ${user?.email}.`}>
        <ConfirmLinkButton
          action="Verify email"
          failureTitle="Could not verify your email"
          send={() => client.verifyEmail({ body: { token } })}
          onDone={onVerified}
          onExpired={() => setState("password")} // expired, or the link belongs to a different account
        />
      </AuthPage>
    );
  }
  return (
    <AuthPage title="Verify your email address" description="Enter your password to confirm that this is your account.">
      <VerifyEmailForm
        token={token}
        onVerified={onVerified}
        onAlreadyVerified={() => setState("verified")}
        onRequestNewLink={() => setState("expired")}
      />
    </AuthPage>
  );
}
