import { createClient, type Me } from "@vestibule/client";
import { connectQueryClient } from "@vestibule/client/query";
import { useSession } from "@vestibule/client/react";
import { queryClient } from "./query-client";

/** The API, in the name of whoever is signed in; on the page's own origin, unless development says otherwise. */
export const client = createClient({ baseUrl: import.meta.env.VITE_API_URL ?? "" });

connectQueryClient(client, queryClient);

/** Who is signed in, carrying on the session of an earlier visit. Rejects when that cannot be known. */
export async function restoreSession(): Promise<Me | null> {
  const state = await client.session.restore();
  if (state.status === "failed") throw state.error;
  return state.status === "signed_in" ? state.user : null;
}

/** The person in front of a page of the shell, which is there only while somebody is signed in. */
export function useMe(): Me {
  const session = useSession();
  if (session.status !== "signed_in") throw new Error("Nobody is signed in.");
  return session.user;
}

/** Tells whether that person holds a permission: `holds("users:read")`. */
export function usePermissions(): (permission: string) => boolean {
  const session = useSession();
  return (permission) => session.status === "signed_in" && session.user.permissions.includes(permission);
}

let leaving = false;

/** Whether it is oneself who is signing out here just now; otherwise the session has ended in some other way. */
export const isSigningOut = () => leaving;

/** Signs out here at once; tells whether the server has heard of it. */
export async function signOut(): Promise<boolean> {
  leaving = true;
  try {
    await client.session.signOut();
    return true;
  } catch {
    return false;
  } finally {
    leaving = false;
  }
}
