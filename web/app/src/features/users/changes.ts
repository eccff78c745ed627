import type { UpdateUserRequest, User } from "@vestibule/client";

/** A user as the form shows it. */
export const valuesOf = ({ email, display_name, email_verified }: User) => ({
  email,
  display_name: display_name ?? "",
  email_verified,
});

/** Only what differs, so that nothing else is touched. */
export function changeOf(before: User, after: ReturnType<typeof valuesOf>): UpdateUserRequest {
  const { email, display_name, email_verified } = after;
  const hasNewAddress = email !== before.email;
  return {
    ...(display_name !== (before.display_name ?? "") && { display_name: display_name || null }),
    ...(hasNewAddress && { email }),
    // With a new address it is always said: what stood there was about the old one.
    ...((hasNewAddress || email_verified !== before.email_verified) && { email_verified }),
  };
}

/** What a choice of names adds to what was there, and what it leaves out. */
export function difference(before: readonly string[], after: readonly string[]) {
  return {
    given: after.filter((name) => !before.includes(name)),
    taken: before.filter((name) => !after.includes(name)),
  };
}
