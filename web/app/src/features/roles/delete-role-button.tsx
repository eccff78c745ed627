import type { Role, Versioned } from "@vestibule/client";
import { useDeleteRole } from "@vestibule/client/query";
import { DeleteButton } from "../../ui/delete-button";
import { formatUsers } from "./format-users";

interface DeleteRoleButtonProps {
  role: Versioned<Role>;
  /** The number of users with the role, if known. */
  userCount: number | undefined;
  onDeleted(): void;
}

/** Deletes a role, after a confirmation that shows how many users lose it. */
export function DeleteRoleButton({ role, userCount, onDeleted }: DeleteRoleButtonProps) {
  return (
    <DeleteButton
      resource="role"
      name={role.name}
      description={describeImpact(userCount)}
      mutation={useDeleteRole()}
      input={{ role_id: role.id, ifMatch: role.etag }}
      onDeleted={onDeleted}
    />
  );
}

function describeImpact(userCount: number | undefined): string {
  if (userCount === undefined) return "Users with this role lose its permissions immediately. This can't be undone.";
  if (userCount === 0) return "No users have this role. This can't be undone.";
  const lose = userCount === 1 ? "loses" : "lose";
  return `${formatUsers(userCount)} ${lose} the permissions of this role immediately. This can't be undone.`;
}
