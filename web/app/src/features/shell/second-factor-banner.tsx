import { useRouterState } from "@tanstack/react-router";
import { useMe } from "@vestibule/client/react";
import { requiresSecondFactor } from "../../lib/errors";
import { ButtonLink } from "../../ui/links";
import { Notice } from "../../ui/notice";

/** Asks a user to set up a second factor, without which the permissions of a role of theirs do not apply. */
export function SecondFactorBanner() {
  const { second_factor_enrolment_required, roles } = useMe();
  const isShownByPage = useRouterState({
    select: ({ location, matches }) =>
      location.pathname === "/account/security" || matches.some(({ error }) => requiresSecondFactor(error)),
  });
  if (!second_factor_enrolment_required || isShownByPage) return null;
  const rights = roles.includes("admin") ? "administrator rights" : "permissions";
  return (
    <Notice
      tone="warning"
      title={`Set up a second factor to use your ${rights}`}
      className="mb-6 flex-wrap"
      action={
        <ButtonLink to="/account/security" size="sm">
          Set up
        </ButtonLink>
      }
    >
      One of your roles requires it. All you need is an authenticator app or a passkey.
    </Notice>
  );
}
