import { isProblem, type Role, type Versioned } from "@vestibule/client";
import { useDeleteRole } from "@vestibule/client/query";
import { ConfirmDialog } from "../../ui/confirm-dialog";
import { toast } from "../../ui/toast";
import { formatUsers } from "./format-users";

interface DeleteRoleDialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  role: Versioned<Role>;
  /** The number of users with the role, if known. */
  userCount: number | undefined;
  /** Called after the role was deleted, here or by someone else. */
  onDeleted(): void;
}

/** Confirms the deletion of a role and shows how many users lose it. */
export function DeleteRoleDialog({ open, onOpenChange, role, userCount, onDeleted }: DeleteRoleDialogProps) {
  const { mutate, isPending, error, reset } = useDeleteRole();

  function confirm() {
    // Deletes only the version that is shown.
    mutate(
      { role_id: role.id, ifMatch: role.etag },
      {
        onSuccess: () => {
          toast.success(`Deleted ${role.name}`);
          onDeleted();
        },
        // Someone else has already deleted the role.
        onError: (failure) => isProblem(failure, "role_not_found") && onDeleted(),
      },
    );
  }

  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => {
        if (!next) reset();
        onOpenChange(next);
      }}
      title={`Delete ${role.name}?`}
      description={describeImpact(userCount)}
      action="Delete role"
      destructive
      busy={isPending}
      error={error}
      onConfirm={confirm}
    />
  );
}

function describeImpact(userCount: number | undefined): string {
  if (userCount === undefined) return "Users with this role lose its permissions immediately. This can't be undone.";
  if (userCount === 0) return "No users have this role. This can't be undone.";
  const lose = userCount === 1 ? "loses" : "lose";
  return `${formatUsers(userCount)} ${lose} the permissions of this role immediately. This can't be undone.`;
}
