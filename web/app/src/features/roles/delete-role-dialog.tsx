import { useMutation, useQueryClient } from "@tanstack/react-query";
import { isProblem, type Role, type Versioned } from "@vestibule/client";
import { auditKeys, meKeys, roleKeys, userKeys } from "@vestibule/client/query";
import { client } from "../../lib/session";
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
  onDeleted(): Promise<void>;
}

/** Asks before a role is deleted, and says who loses what by it. */
export function DeleteRoleDialog({ open, onOpenChange, role, users, onDeleted }: DeleteRoleDialogProps) {
  const remove = useDelete(role, onDeleted);

  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => {
        if (!next) remove.reset();
        onOpenChange(next);
      }}
      title={`Delete ${role.name}?`}
      description={loss(users)}
      action="Delete role"
      destructive
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
    />
  );
}

/**
 * Leaves before it forgets the role, which `useDeleteRole` of the client does the other way round: the page would
 * ask once more for what is gone.
 */
function useDelete(role: Versioned<Role>, leave: () => Promise<void>) {
  const cache = useQueryClient();

  async function forget() {
    await leave();
    cache.removeQueries({ queryKey: roleKeys.one(role.id) });
    const outdated = [roleKeys.lists, userKeys.all, meKeys.all, auditKeys.all];
    await Promise.all(outdated.map((queryKey) => cache.invalidateQueries({ queryKey })));
  }

  return useMutation({
    // The version is the one whose permissions are on the screen.
    mutationFn: () => client.deleteRole({ role_id: role.id, ifMatch: role.etag }),
    onSuccess: () => {
      toast.done(`Deleted ${role.name}`);
      return forget();
    },
    // Somebody else was quicker.
    onError: (error) => (isProblem(error, "role_not_found") ? forget() : undefined),
  });
}

function loss(users: number | undefined): string {
  const after = "This cannot be undone.";
  if (users === undefined) return `Who has this role loses what it permits. ${after}`;
  if (users === 0) return `Nobody has this role. ${after}`;
  return `${formatUsers(users)} ${users === 1 ? "has" : "have"} this role and ${users === 1 ? "loses" : "lose"} what it permits at once. ${after}`;
}
