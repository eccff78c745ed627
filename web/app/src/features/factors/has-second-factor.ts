import type { Factors } from "@vestibule/client";

/** Checks whether a user has a second factor. Recovery codes alone are none. */
export function hasSecondFactor({ totp, passkeys }: Pick<Factors, "totp" | "passkeys">): boolean {
  return totp !== null || passkeys.length > 0;
}
