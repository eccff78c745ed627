import { useNavigate } from "@tanstack/react-router";
import { createClient, type Me } from "@vestibule/client";
import { connectQueryClient } from "@vestibule/client/query";
import { useSession } from "@vestibule/client/react";
import { useSyncExternalStore } from "react";
import { MissingPermissionError } from "./errors";
import { holdSession } from "./held-session";
import { queryClient } from "./query-client";
import { hasAnyUnsavedChanges, useConfirmDiscard } from "./unsaved-changes";

const apiClient = createClient({ baseUrl: import.meta.env.VITE_API_URL ?? "" });
const session = holdSession(apiClient.session, () => !signingOut && hasAnyUnsavedChanges());

/** The API client. Uses the page's own origin unless `VITE_API_URL` is set. */
export const client = { ...apiClient, session };

connectQueryClient(client, queryClient);

/**
 * Restores the session of an earlier visit and returns the current user, or `null` if signed out. Rejects if the
 * server cannot be reached.
 */
export async function restoreSession(): Promise<Me | null> {
  const state = await client.session.restore();
  if (state.status === "offline") throw state.error;
  return state.status === "signed_in" ? state.user : null;
}

/** Returns a function that checks whether the current user has a permission: `can("users:read")`. */
export function useCan(): (permission: string) => boolean {
  const session = useSession();
  return (permission) => session.status === "signed_in" && session.user.permissions.includes(permission);
}

/** Shows the 403 page if the current user lacks the permission. For `beforeLoad`; the server checks again. */
export function requirePermission(permission: string): void {
  const state = client.session.getState();
  if (state.status === "signed_in" && !state.user.permissions.includes(permission)) {
    throw new MissingPermissionError(permission, {
      requiresSecondFactor: state.user.second_factor_enrolment_required,
    });
  }
}

let signingOut = false;

/** Checks whether this tab is signing out; otherwise the session has ended for another reason. */
export const isSigningOut = () => signingOut;

/** Signs out on this device immediately. Resolves to `false` if the server did not confirm it. */
export async function signOut(): Promise<boolean> {
  signingOut = true;
  try {
    const { confirmed } = await client.session.signOut();
    return confirmed;
  } finally {
    signingOut = false;
  }
}

/** Returns whether the session has ended during an edit, which is kept until the user signs in again. */
export function useSessionEnded(): boolean {
  return useSyncExternalStore(session.subscribe, session.isHeld);
}

/** Returns a function that signs out and opens the sign-in page, which warns if the server did not confirm it. */
export function useSignOut(): () => Promise<void> {
  const navigate = useNavigate();
  const confirmDiscard = useConfirmDiscard();
  return async () => {
    if (!(await confirmDiscard())) return;
    const confirmed = signOut();
    await navigate({ to: "/sign-in" });
    if (!(await confirmed)) {
      await navigate({ to: "/sign-in", search: { reason: "sign_out_unconfirmed" }, replace: true });
    }
  };
}
