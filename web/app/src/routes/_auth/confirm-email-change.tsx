import { createFileRoute } from "@tanstack/react-router";
import { useState } from "react";
import { confirmEmailChange } from "../../features/auth/api";
import { AuthPage } from "../../features/auth/auth-page";
import { ExpiredLink } from "../../features/auth/expired-link";
import { OnePress } from "../../features/auth/one-press";
import { useFragmentToken } from "../../features/auth/use-fragment-token";
import { client, restoreSession } from "../../lib/session";
import { ButtonLink } from "../../ui/links";

export const Route = createFileRoute("/_auth/confirm-email-change")({ component: ConfirmEmailChange });

/** Where the link leads that is sent to a new address. */
function ConfirmEmailChange() {
  const token = useFragmentToken();
  const [expired, setExpired] = useState(false);
  const navigate = Route.useNavigate();

  async function onConfirmed() {
    if (!(await restoreSession()))
      return navigate({ to: "/sign-in", search: { reason: "email_changed" }, replace: true });
    await client.getCurrentUser();
    return navigate({ to: "/account/security", replace: true });
  }

  if (token === null || expired) {
    return (
      <ExpiredLink description="It works once, within 30 minutes, and a newer one replaces it. Your address has not been changed by it. Start the change again to get a new link.">
        <ButtonLink to="/account/security" variant="primary" size="lg" className="w-full">
          Go to Security
        </ButtonLink>
      </ExpiredLink>
    );
  }
  return (
    <AuthPage title="Confirm your new address" description="From then on, you sign in with this address.">
      <OnePress
        action="Confirm the address"
        failureTitle="Could not change the address"
        send={() => confirmEmailChange({ token })}
        onDone={onConfirmed}
        onExpired={() => setExpired(true)}
      />
    </AuthPage>
  );
}
