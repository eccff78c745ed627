import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { settingsQuery } from "@vestibule/client/query";
import { useState } from "react";
import { ResetPasswordForm } from "../../features/password-reset/reset-password-form";
import { client } from "../../lib/session";
import { useFragmentToken } from "../../lib/use-fragment-token";
import { AuthPage } from "../../ui/auth-page";
import { ExpiredLinkPage } from "../../ui/expired-link-page";
import { RequestLinkForm } from "../../ui/request-link-form";

export const Route = createFileRoute("/_auth/reset-password")({ component: ResetPassword });

/** The page behind the links in password reset and invitation emails. */
function ResetPassword() {
  const { data: settings } = useSuspenseQuery(settingsQuery(client));
  const token = useFragmentToken();
  const [expired, setExpired] = useState(false);
  const navigate = Route.useNavigate();

  if (token === null || expired) {
    return (
      <ExpiredLinkPage description="Links can be used once and expire soon. Enter your email address to get a new one.">
        <RequestLinkForm send={(body) => client.requestPasswordReset({ body })} action="Send a new link" />
      </ExpiredLinkPage>
    );
  }
  return (
    <AuthPage title="Choose a password" description="This signs you out on all devices.">
      <ResetPasswordForm
        token={token}
        policy={settings.password}
        onReset={() => navigate({ to: "/sign-in", search: { reason: "password_set" }, replace: true })}
        onExpired={() => setExpired(true)}
      />
    </AuthPage>
  );
}
