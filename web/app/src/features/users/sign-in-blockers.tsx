import type { Access } from "@vestibule/client";
import type { ReactNode } from "react";
import { useCan } from "../../lib/session";
import { Button } from "../../ui/button";
import { DateTime } from "../../ui/relative-time";
import type { InvitableUser } from "./use-invitable-user";
import type { UserActions } from "./user-actions";

type SignInBlocker = Access["sign_in"]["reasons"][number];

interface SignInBlockersProps {
  blockers: readonly SignInBlocker[];
  user: InvitableUser;
  actions: UserActions;
}

/** The reasons why a user cannot sign in, each with an action that resolves it. */
export function SignInBlockers({ blockers, user, actions }: SignInBlockersProps) {
  const canWrite = useCan()("users:write");
  const isDisabled = blockers.some(({ code }) => code === "disabled");
  return (
    <ul className="flex flex-col gap-3">
      {blockers.map(({ code, until }) => {
        const { text, action, run } = describeBlocker(code, user, actions);
        return (
          <li key={code} className="flex flex-col items-start gap-1.5">
            <Reason text={text} until={until} />
            {run && canWrite && (code === "disabled" || !isDisabled) && (
              <Button size="sm" onClick={run}>
                {action}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function Reason({ text, until }: { text: string; until: SignInBlocker["until"] }): ReactNode {
  return (
    <p>
      {text}
      {until && (
        <>
          {" "}
          The block ends on <DateTime value={until} />.
        </>
      )}
    </p>
  );
}

interface BlockerDescription {
  text: string;
  /** The label of the button that runs the action. */
  action?: string;
  run?(): void;
}

/** Describes a blocker, which a newer server may have added. */
function describeBlocker(code: string, user: InvitableUser, actions: UserActions): BlockerDescription {
  switch (code) {
    case "disabled":
      return { text: "The account is disabled.", action: "Enable the account", run: () => void actions.enable(user) };
    case "email_not_verified":
      return {
        text: "The email address is not verified, which this server requires. The user can open the link in the verification email.",
        action: "Mark as verified…",
        run: () => actions.verifyEmail(user),
      };
    case "no_password":
      return {
        text: "The user has not set a password yet.",
        action: user.invited ? "Send invitation again…" : "Send password reset link…",
        run: () => actions.sendPasswordLink(user),
      };
    case "too_many_attempts":
      return {
        text: "Too many failed sign-in attempts. Devices and networks that the account has used before are not blocked.",
        action: "Send password reset link…",
        run: () => actions.sendPasswordLink(user),
      };
    default:
      return { text: code };
  }
}
