import type { User } from "@vestibule/client";
import { useMe } from "@vestibule/client/react";
import { Ban, CircleCheck, LogOut, Mail, Trash2 } from "lucide-react";
import { type ComponentProps, lazy, type ReactElement, Suspense, useState } from "react";
import { useCan } from "../../lib/session";
import { Menu } from "../../ui/menu";
import type { UserAction } from "./confirm-user-action-dialog";
import type { InvitableUser } from "./use-invitable-user";
import { useSetStatus } from "./use-set-status";

const ConfirmUserActionDialog = lazy(() => import("./confirm-user-action-dialog"));

/** Returns the actions of `UserActionsMenu` and the dialog that confirms them. */
export function useUserActions({ onDeleted }: { onDeleted?: () => void } = {}) {
  const [pending, setPending] = useState<{ action: UserAction; user: InvitableUser }>();
  const [open, setOpen] = useState(false);
  const setStatus = useSetStatus();
  const me = useMe();

  function confirm(action: UserAction, user: InvitableUser) {
    setPending({ action, user });
    setOpen(true);
  }

  return {
    sendPasswordLink: (user: InvitableUser) => confirm("password-link", user),
    verifyEmail: (user: User) => confirm("verify-email", user),
    signOut: (user: User) => confirm("sign-out", user),
    removeFactors: (user: InvitableUser) => confirm("remove-factors", user),
    remove: (user: User) => confirm("delete", user),
    enable: (user: User) => setStatus(user, "active"),
    /** Asks for confirmation only for the current user, who could not undo it. */
    disable: (user: User) => (user.id === me.id ? confirm("disable", user) : setStatus(user, "disabled")),
    dialog: pending && (
      <Suspense>
        <ConfirmUserActionDialog {...pending} open={open} onOpenChange={setOpen} onDeleted={onDeleted} />
      </Suspense>
    ),
  };
}

export type UserActions = ReturnType<typeof useUserActions>;

interface UserActionsMenuProps {
  user: InvitableUser;
  actions: UserActions;
  /** The button that opens the menu. */
  trigger: ReactElement<ComponentProps<"button">>;
}

/** The menu of actions on a user. Renders nothing if the current user is not allowed to perform any. */
export function UserActionsMenu({ user, actions, trigger }: UserActionsMenuProps) {
  const can = useCan();
  if (!["users:write", "users:delete", "sessions:revoke"].some(can)) return null;
  return (
    <Menu trigger={trigger}>
      {({ MenuItem, MenuSeparator }) => (
        <>
          {can("users:write") &&
            (user.status === "active" ? (
              <MenuItem icon={<Ban aria-hidden />} onClick={() => actions.disable(user)}>
                Disable
              </MenuItem>
            ) : (
              <MenuItem icon={<CircleCheck aria-hidden />} onClick={() => actions.enable(user)}>
                Enable
              </MenuItem>
            ))}
          {can("users:write") && (
            <MenuItem
              icon={<Mail aria-hidden />}
              disabledReason={user.status === "disabled" && "Enable the account first."}
              onClick={() => actions.sendPasswordLink(user)}
            >
              {user.invited ? "Send invitation again…" : "Send password reset link…"}
            </MenuItem>
          )}
          {can("sessions:revoke") && (
            <MenuItem icon={<LogOut aria-hidden />} onClick={() => actions.signOut(user)}>
              Sign out everywhere…
            </MenuItem>
          )}
          {can("users:delete") && (
            <>
              <MenuSeparator />
              <MenuItem icon={<Trash2 aria-hidden />} destructive onClick={() => actions.remove(user)}>
                Delete…
              </MenuItem>
            </>
          )}
        </>
      )}
    </Menu>
  );
}
