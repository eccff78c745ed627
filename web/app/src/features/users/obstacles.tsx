import type { Access } from "@vestibule/client";
import { DateTime } from "../../ui/relative-time";

type Obstacle = Access["sign_in"]["reasons"][number];

/** What keeps somebody from signing in, and what would help. */
const words: Record<string, string> = {
  disabled: "The account is disabled. Enable it under Actions.",
  email_not_verified: "The email address is not verified, and here it must be. They can open the link that was mailed.",
  no_password: "They have not chosen a password yet. They can get a link with “Forgot it?” on the sign-in page.",
  too_many_attempts:
    "Too many wrong passwords were tried. From a browser or network that the account knows they get in all the same.",
};

export function Obstacles({ reasons }: { reasons: readonly Obstacle[] }) {
  return (
    <ul className="flex flex-col gap-1">
      {reasons.map(({ code, until }) => (
        <li key={code}>
          {words[code] ?? code}
          {until && (
            <>
              {" "}
              It passes by itself at <DateTime value={until} />.
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
