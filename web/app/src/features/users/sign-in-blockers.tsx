import type { Access } from "@vestibule/client";
import { DateTime } from "../../ui/relative-time";

type SignInBlocker = Access["sign_in"]["reasons"][number];

const texts: Record<string, string> = {
  disabled: "The account is disabled. To enable it, use the Actions menu.",
  email_not_verified:
    "The email address is not verified, which this server requires. The user can open the link in the verification email.",
  no_password: "The user has not set a password yet. They can use “Forgot password?” on the sign-in page to set one.",
  too_many_attempts:
    "Too many failed sign-in attempts. Devices and networks that the account has used before are not blocked.",
};

/** The reasons why a user cannot sign in, each with the way to resolve it. */
export function SignInBlockers({ blockers }: { blockers: readonly SignInBlocker[] }) {
  return (
    <ul className="flex flex-col gap-1">
      {blockers.map(({ code, until }) => (
        <li key={code}>
          {texts[code] ?? code}
          {until && (
            <>
              {" "}
              The block ends on <DateTime value={until} />.
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
