import { isProblem, type Role, type Versioned } from "@vestibule/client";
import { useDeleteRole } from "@vestibule/client/query";
import { ConfirmDialog } from "../../ui/confirm-dialog";
import { toast } from "../../ui/toast";
import { formatUsers } from "./members";

interface DeleteRoleDialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  role: Versioned<Role>;
  /** How many have it, when that is known. */
  users: number | undefined;
  /** Leaves the role's page. */
  onDeleted(): void;
}

/** Asks before a role is deleted, and says who loses what by it. */
export function DeleteRoleDialog({ open, onOpenChange, role, users, onDeleted }: DeleteRoleDialogProps) {
  const { mutate, isPending, error, reset } = useDeleteRole();

  function confirm() {
    // The version is the one whose permissions are on the screen.
    mutate(
      { role_id: role.id, ifMatch: role.etag },
      {
        onSuccess: () => {
          toast.done(`Deleted ${role.name}`);
          onDeleted();
        },
        // Somebody else was quicker.
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
      description={loss(users)}
      action="Delete role"
      destructive
      busy={isPending}
      error={error}
      onConfirm={confirm}
    />
  );
}

function loss(users: number | undefined): string {
  const after = "This cannot be undone.";
  if (users === undefined) return `Who has this role loses what it permits. ${after}`;
  if (users === 0) return `Nobody has this role. ${after}`;
  return `${formatUsers(users)} ${users === 1 ? "has" : "have"} this role and ${users === 1 ? "loses" : "lose"} what it permits at once. ${after}`;
}
