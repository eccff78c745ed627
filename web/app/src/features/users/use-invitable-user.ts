import type { User } from "@vestibule/client";
import { useUsers } from "@vestibule/client/query";

/** A user, with whether they were invited and have not set a password yet. */
export interface InvitableUser extends User {
  /** Missing if it is not known yet. */
  invited?: boolean | undefined;
}

/** Adds to a user whether they were invited, which only lists contain. */
export function useInvitableUser(user: User): InvitableUser {
  const row = useUsers({ ids: user.id }).data?.items[0];
  return { ...user, invited: row?.invited };
}
