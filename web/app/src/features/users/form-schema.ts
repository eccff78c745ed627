import type { UpdateUserRequest, User } from "@vestibule/client";
import * as z from "zod/mini";

export const profileSchema = z.object({
  email: z.string().check(z.trim(), z.minLength(1, "Enter an email address.")),
  display_name: z.string().check(z.trim(), z.maxLength(200, "Use at most 200 characters.")),
  email_verified: z.boolean(),
});

/** Converts a user to the values of the profile form. */
export const toValues = ({ email, display_name, email_verified }: User) => ({
  email,
  display_name: display_name ?? "",
  email_verified,
});

/** Converts the values of the profile form to a request with only the changed fields. */
export function toUpdateRequest(before: User, after: ReturnType<typeof toValues>): UpdateUserRequest {
  const { email, display_name, email_verified } = after;
  const emailChanged = email !== before.email;
  return {
    ...(display_name !== (before.display_name ?? "") && { display_name: display_name || null }),
    ...(emailChanged && { email }),
    // Always sent with a new email: the previous value was about the old one.
    ...((emailChanged || email_verified !== before.email_verified) && { email_verified }),
  };
}

/** Compares two lists of role names. */
export function diffRoles(before: readonly string[], after: readonly string[]) {
  return {
    added: after.filter((name) => !before.includes(name)),
    removed: before.filter((name) => !after.includes(name)),
  };
}
