import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { settingsQuery } from "@vestibule/client/query";
import { useState } from "react";
import { requestPasswordReset } from "../../features/auth/api";
import { AuthPage } from "../../features/auth/auth-page";
import { ExpiredLink } from "../../features/auth/expired-link";
import { LinkForm } from "../../features/auth/link-form";
import { ResetForm } from "../../features/auth/reset-form";
import { useFragmentToken } from "../../features/auth/use-fragment-token";
import { client } from "../../lib/session";

export const Route = createFileRoute("/_auth/reset-password")({ component: ResetPassword });

/** Where links to reset a password lead, and invitations. */
function ResetPassword() {
  const { data: settings } = useSuspenseQuery(settingsQuery(client));
  const token = useFragmentToken();
  const [expired, setExpired] = useState(false);
  const navigate = Route.useNavigate();

  if (token === null || expired) {
    return (
      <ExpiredLink description="Links work once, and for a short time. Enter your email address to get a new one.">
        <LinkForm send={requestPasswordReset} action="Send a new link" />
      </ExpiredLink>
    );
  }
  return (
    <AuthPage title="Choose a password" description="Setting it ends every session of the account, on all devices.">
      <ResetForm
        token={token}
        policy={settings.password}
        onReset={() => navigate({ to: "/sign-in", search: { reason: "password_set" }, replace: true })}
        onExpired={() => setExpired(true)}
      />
    </AuthPage>
  );
}
