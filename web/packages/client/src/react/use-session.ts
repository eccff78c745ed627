"use client";

import { useSyncExternalStore } from "react";
import type { Me } from "../schema.gen.js";
import type { Session } from "../session/session.js";
import type { SessionState } from "../session/state.js";
import { useClient } from "./context.js";

/** The state of the session and the functions that change it. */
export type UseSession = SessionState &
  Pick<Session, "signIn" | "completeSignIn" | "signOut" | "restore" | "getAccessToken">;

/** The state during server rendering and hydration, so that both render the same. */
const loading: SessionState = { status: "loading" };

/** Returns the state of the session and the functions that change it. Rerenders when the state changes. */
export function useSession(): UseSession {
  const { signIn, completeSignIn, signOut, restore, getAccessToken, ...session } = useClient().session;
  const state = useSyncExternalStore(session.subscribe, session.getState, () => loading);
  return { ...state, signIn, completeSignIn, signOut, restore, getAccessToken };
}

/** Returns the current user. Throws unless a user is signed in: use it inside `<SignedIn>`. */
export function useMe(): Me {
  const session = useSession();
  if (session.status !== "signed_in") throw new Error("Not signed in. Render the component inside <SignedIn>.");
  return session.user;
}

/** Returns whether a user is signed in and has a permission, such as `users:read`. */
export function usePermission(permission: string): boolean {
  const session = useSession();
  return session.status === "signed_in" && session.user.permissions.includes(permission);
}
