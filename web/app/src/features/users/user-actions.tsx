import type { User } from "@vestibule/client";
import { Ban, CircleCheck, LogOut, Trash2 } from "lucide-react";
import { type ComponentProps, lazy, type ReactElement, Suspense, useState } from "react";
import { useMe, usePermissions } from "../../lib/session";
import { Menu } from "../../ui/menu";
import { useSetStatus } from "./use-set-status";
import type { UserAction } from "./user-dialog";

const UserDialog = lazy(() => import("./user-dialog"));

/** What there is to do to a user, for a menu, and the dialog that asks first. */
export function useUserActions({ onDeleted }: { onDeleted?: () => void } = {}) {
  const [asked, setAsked] = useState<{ action: UserAction; user: User }>();
  const [open, setOpen] = useState(false);
  const setStatus = useSetStatus();
  const me = useMe();

  function ask(action: UserAction, user: User) {
    setAsked({ action, user });
    setOpen(true);
  }

  return {
    signOut: (user: User) => ask("sign-out", user),
    remove: (user: User) => ask("delete", user),
    enable: (user: User) => setStatus(user, "active"),
    /** Oneself only after a question, for there is no way back from it. */
    disable: (user: User) => (user.id === me.id ? ask("disable", user) : setStatus(user, "disabled")),
    dialog: asked && (
      <Suspense>
        <UserDialog {...asked} open={open} onOpenChange={setOpen} onDeleted={onDeleted} />
      </Suspense>
    ),
  };
}

export type UserActions = ReturnType<typeof useUserActions>;

interface UserMenuProps {
  user: User;
  actions: UserActions;
  /** The button that opens it. */
  trigger: ReactElement<ComponentProps<"button">>;
}

/** The actions that the person in front may take; nothing when there is none. */
export function UserMenu({ user, actions, trigger }: UserMenuProps) {
  const holds = usePermissions();
  if (!["users:write", "users:delete", "sessions:revoke"].some(holds)) return null;
  return (
    <Menu trigger={trigger}>
      {({ MenuItem, MenuSeparator }) => (
        <>
          {holds("users:write") &&
            (user.status === "active" ? (
              <MenuItem icon={<Ban aria-hidden />} onClick={() => actions.disable(user)}>
                Disable
              </MenuItem>
            ) : (
              <MenuItem icon={<CircleCheck aria-hidden />} onClick={() => actions.enable(user)}>
                Enable
              </MenuItem>
            ))}
          {holds("sessions:revoke") && (
            <MenuItem icon={<LogOut aria-hidden />} onClick={() => actions.signOut(user)}>
              Sign out everywhere…
            </MenuItem>
          )}
          {holds("users:delete") && (
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
