import type { UpdateUserRequest, User } from "@vestibule/client";
import * as z from "zod/mini";
import { optional, text } from "../../lib/field-values";

export const profileSchema = z.object({
  email: text({ required: "Enter an email address." }),
  display_name: optional(text({ max: 200 })),
  email_verified: z.boolean(),
});

/** Converts a user to the values of the profile form. */
export const toValues = (user: User) => z.encode(profileSchema, user);

/** Converts changes of the profile form to a request. */
export function toUpdateRequest(
  changes: UpdateUserRequest,
  { email_verified }: z.output<typeof profileSchema>,
): UpdateUserRequest {
  // Always sent with a new email: the previous value was about the old one.
  return { ...changes, ...(changes.email !== undefined && { email_verified }) };
}

/** Compares two lists of role names. */
export function diffRoles(before: readonly string[], after: readonly string[]) {
  return {
    added: after.filter((name) => !before.includes(name)),
    removed: before.filter((name) => !after.includes(name)),
  };
}
