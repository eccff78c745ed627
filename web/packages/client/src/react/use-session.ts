import { useSyncExternalStore } from "react";
import type { Session } from "../session/session.js";
import type { SessionState } from "../session/state.js";
import { useClient } from "./context.js";

/** Who is signed in, and what changes it. */
export type UseSession = SessionState & Pick<Session, "signIn" | "signOut" | "restore">;

/** The state of the session with `signIn`, `signOut` and `restore`; renders anew when it changes. */
export function useSession(): UseSession {
  const { session } = useClient();
  const state = useSyncExternalStore(session.subscribe, session.getState, session.getState);
  return { ...state, signIn: session.signIn, signOut: session.signOut, restore: session.restore };
}

/** Whether the person who is signed in has a permission, such as `users:read`; `false` when nobody is. */
export function usePermission(permission: string): boolean {
  const session = useSession();
  return session.status === "signed_in" && session.user.permissions.includes(permission);
}
