import { useMutation } from "@tanstack/react-query";
import { isProblem, type User } from "@vestibule/client";
import { useDeleteUser, useResetUserFactors, useRevokeSessions, useUpdateUser } from "@vestibule/client/query";
import { useMe } from "@vestibule/client/react";
import type { ReactNode } from "react";
import { getDisplayName } from "../../lib/display-name";
import { client } from "../../lib/session";
import { ConfirmDialog } from "../../ui/confirm-dialog";
import { DeleteDialog } from "../../ui/delete-dialog";
import { Notice } from "../../ui/notice";
import { toast } from "../../ui/toast";
import type { InvitableUser } from "./use-invitable-user";

export type UserAction = "delete" | "sign-out" | "disable" | "password-link" | "verify-email" | "remove-factors";

interface ConfirmUserActionDialogProps {
  action: UserAction;
  user: InvitableUser;
  open: boolean;
  onOpenChange(open: boolean): void;
  onDeleted?: (() => void) | undefined;
}

/** Confirms an action on a user. Loaded on first use. */
export default function ConfirmUserActionDialog({ action, ...props }: ConfirmUserActionDialogProps) {
  const ActionDialog = dialogs[action];
  return <ActionDialog key={`${action} ${props.user.id}`} {...props} />;
}

type ActionDialogProps = Omit<ConfirmUserActionDialogProps, "action">;

const dialogs: Record<UserAction, (props: ActionDialogProps) => ReactNode> = {
  delete: DeleteUserDialog,
  "sign-out": SignOutDialog,
  disable: DisableOwnAccountDialog,
  "password-link": SendPasswordLinkDialog,
  "verify-email": VerifyEmailDialog,
  "remove-factors": RemoveFactorsDialog,
};

function DeleteUserDialog({ user, open, onOpenChange, onDeleted }: ActionDialogProps) {
  const isMe = useMe().id === user.id;

  function close() {
    onOpenChange(false);
    onDeleted?.();
  }

  return (
    <DeleteDialog
      open={open}
      onOpenChange={onOpenChange}
      resource="user"
      name={user.email}
      title={isMe ? "Delete your account?" : `Delete ${getDisplayName(user)}?`}
      description={
        <>
          This permanently deletes <UserEmail user={user} />
          {isMe && " (your own account)"} and signs {isMe ? "you" : "the user"} out everywhere. Audit events are kept.
          To block access temporarily, disable the account instead.
        </>
      }
      {...(isMe && { action: "Delete my account" })}
      mutation={useDeleteUser()}
      input={{ user_id: user.id }}
      onDeleted={close}
    />
  );
}

function SignOutDialog({ user, open, onOpenChange }: ActionDialogProps) {
  const { mutate, isPending, error } = useRevokeSessions();
  const isMe = useMe().id === user.id;

  function confirm() {
    mutate(
      { user_id: user.id },
      {
        onSuccess: () => {
          onOpenChange(false);
          toast.success(`Signed out ${user.email} everywhere`);
        },
      },
    );
  }

  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={isMe ? "Sign out everywhere?" : `Sign out ${getDisplayName(user)} everywhere?`}
      description={
        isMe ? (
          "This signs you out on all devices immediately, including this one. You can sign in again."
        ) : (
          <>
            This signs <UserEmail user={user} /> out on all devices immediately. They can sign in again unless you
            disable the account.
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

function DisableOwnAccountDialog({ user, open, onOpenChange }: ActionDialogProps) {
  const { mutate, isPending, error } = useUpdateUser();
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Disable your account?"
      description="You are signed out immediately. Only another user with users:write can enable your account again."
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

function SendPasswordLinkDialog({ user, open, onOpenChange }: ActionDialogProps) {
  const { mutate, isPending, error } = useMutation({ mutationFn: client.sendPasswordLink });

  function confirm() {
    mutate(
      { user_id: user.id },
      {
        onSuccess: () => {
          onOpenChange(false);
          toast.success(`${user.invited ? "Invitation" : "Password reset link"} sent to ${user.email}`);
        },
      },
    );
  }

  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={user.invited ? "Send the invitation again?" : "Send a password reset link?"}
      description={
        user.invited ? (
          <>
            This emails <UserEmail user={user} /> a new link to set a password. Earlier links stop working.
          </>
        ) : (
          <>
            This emails <UserEmail user={user} /> a link to set a new password. The current password works until then.
          </>
        )
      }
      action={user.invited ? "Send invitation" : "Send link"}
      busy={isPending}
      error={error}
      errorTitle="Could not send the email"
      onConfirm={confirm}
    />
  );
}

function VerifyEmailDialog({ user, open, onOpenChange }: ActionDialogProps) {
  const { mutate, isPending, error } = useUpdateUser();

  function confirm() {
    mutate(
      { user_id: user.id, body: { email_verified: true } },
      {
        onSuccess: () => {
          onOpenChange(false);
          toast.success(`Marked ${user.email} as verified`);
        },
      },
    );
  }

  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Mark the email address as verified?"
      description={
        <>
          Confirm this only if you know that <UserEmail user={user} /> belongs to this user.
        </>
      }
      action="Mark as verified"
      busy={isPending}
      error={error}
      onConfirm={confirm}
    />
  );
}

function RemoveFactorsDialog({ user, open, onOpenChange }: ActionDialogProps) {
  const { mutate, isPending, error } = useResetUserFactors();
  const isLastCredential = isProblem(error, "last_credential");

  function confirm() {
    mutate(
      { user_id: user.id },
      {
        onSuccess: () => {
          onOpenChange(false);
          toast.success(`Removed the second factors of ${user.email}`);
        },
      },
    );
  }

  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Remove all second factors?"
      description={
        <>
          <UserEmail user={user} /> can then sign in with the password alone. The authenticator app, passkeys and
          recovery codes stop working, the user is signed out everywhere and notified by email. Make sure that the
          request really comes from this user.
        </>
      }
      action="Remove factors"
      destructive
      busy={isPending}
      error={isLastCredential ? null : error}
      errorTitle="Could not remove the second factors"
      onConfirm={confirm}
    >
      {isLastCredential && (
        <Notice tone="danger" title="This user could no longer sign in">
          They have no password. Send a password reset link first, and remove the factors after they have set one.
        </Notice>
      )}
    </ConfirmDialog>
  );
}

function UserEmail({ user }: { user: User }): ReactNode {
  return <strong className="wrap-anywhere font-medium text-text">{user.email}</strong>;
}
