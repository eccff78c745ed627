import { isProblem, type User } from "@vestibule/client";
import { useDeleteUser, useRevokeSessions, useUpdateUser } from "@vestibule/client/query";
import type { ReactNode } from "react";
import { displayNameOf } from "../../lib/people";
import { useMe } from "../../lib/session";
import { ConfirmDialog } from "../../ui/confirm-dialog";
import { toast } from "../../ui/toast";

export type UserAction = "delete" | "sign-out" | "disable";

interface UserDialogProps {
  action: UserAction;
  user: User;
  open: boolean;
  onOpenChange(open: boolean): void;
  onDeleted?: (() => void) | undefined;
}

/** Asks before something that cannot be taken back, naming the person. Loaded when it is first needed. */
export default function UserDialog({ action, ...props }: UserDialogProps) {
  const Asking = { delete: DeleteDialog, "sign-out": SignOutDialog, disable: DisableMyselfDialog }[action];
  return <Asking key={`${action} ${props.user.id}`} {...props} />;
}

type DialogOfProps = Omit<UserDialogProps, "action">;

function DeleteDialog({ user, open, onOpenChange, onDeleted }: DialogOfProps) {
  const { mutate, isPending, error } = useDeleteUser();
  const isMe = useMe().id === user.id;

  function leave() {
    onOpenChange(false);
    onDeleted?.();
  }

  function confirm() {
    mutate(
      { user_id: user.id },
      {
        onSuccess: () => {
          toast.done(`Deleted ${user.email}`);
          leave();
        },
        // Somebody else was quicker.
        onError: (failure) => isProblem(failure, "user_not_found") && leave(),
      },
    );
  }

  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={isMe ? "Delete your own account?" : `Delete ${displayNameOf(user)}?`}
      description={
        <>
          <Person user={user} /> {isMe ? "is you: you are" : "is"} signed out everywhere, and the account, its roles and
          its name are gone for good. The audit log keeps what was done. To lock somebody out for a while, disable the
          account instead.
        </>
      }
      action={isMe ? "Delete my account" : "Delete user"}
      destructive
      busy={isPending}
      error={error}
      onConfirm={confirm}
    />
  );
}

function SignOutDialog({ user, open, onOpenChange }: DialogOfProps) {
  const { mutate, isPending, error } = useRevokeSessions();
  const isMe = useMe().id === user.id;

  function confirm() {
    mutate(user.id, {
      onSuccess: () => {
        onOpenChange(false);
        toast.done(`Signed out ${user.email} everywhere`);
      },
    });
  }

  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={isMe ? "Sign yourself out everywhere?" : `Sign out ${displayNameOf(user)} everywhere?`}
      description={
        isMe ? (
          "Every session of yours ends at once, this one too. You can sign in again."
        ) : (
          <>
            Every session of <Person user={user} /> ends at once. They can sign in again, unless you disable the
            account.
          </>
        )
      }
      action="Sign out everywhere"
      busy={isPending}
      error={error}
      onConfirm={confirm}
    />
  );
}

function DisableMyselfDialog({ user, open, onOpenChange }: DialogOfProps) {
  const { mutate, isPending, error } = useUpdateUser();
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Disable your own account?"
      description="You are signed out at once, and only somebody else who may change users can let you in again."
      action="Disable my account"
      destructive
      busy={isPending}
      error={error}
      onConfirm={() =>
        mutate({ user_id: user.id, body: { status: "disabled" } }, { onSuccess: () => onOpenChange(false) })
      }
    />
  );
}

function Person({ user }: { user: User }): ReactNode {
  return <strong className="break-all font-medium text-text">{user.email}</strong>;
}
