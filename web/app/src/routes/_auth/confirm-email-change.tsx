import { createFileRoute } from "@tanstack/react-router";
import { useState } from "react";
import { client, restoreSession } from "../../lib/session";
import { useFragmentToken } from "../../lib/use-fragment-token";
import { AuthPage } from "../../ui/auth-page";
import { ConfirmLinkButton } from "../../ui/confirm-link-button";
import { ExpiredLinkPage } from "../../ui/expired-link-page";
import { ButtonLink } from "../../ui/links";

export const Route = createFileRoute("/_auth/confirm-email-change")({ component: ConfirmEmailChange });

/** The page behind the link that is sent to a new email address. */
function ConfirmEmailChange() {
  const token = useFragmentToken();
  const [expired, setExpired] = useState(false);
  const navigate = Route.useNavigate();

  async function onConfirmed() {
    if (!(await restoreSession()))
      return navigate({ to: "/sign-in", search: { reason: "email_changed" }, replace: true });
    await client.getCurrentUser();
    return navigate({ to: "/account", replace: true });
  }

  if (token === null || expired) {
    return (
      <ExpiredLinkPage description="This link can be used once, expires after 30 minutes and stops working when a newer link is sent. Your email was not changed. To get a new link, start the change again.">
        <ButtonLink to="/account" variant="primary" size="lg" className="w-full">
          Go to your profile
        </ButtonLink>
      </ExpiredLinkPage>
    );
  }
  return (
    <AuthPage title="Confirm your new email" description="You will sign in with this email from now on.">
      <ConfirmLinkButton
        action="Confirm email"
        failureTitle="Could not change your email"
        send={() => client.confirmEmailChange({ body: { token } })}
        onDone={onConfirmed}
        onExpired={() => setExpired(true)}
      />
    </AuthPage>
  );
}
