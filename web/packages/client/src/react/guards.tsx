import type { ReactNode } from "react";
import type { Versioned } from "../operations.js";
import type { Me } from "../schema.gen.js";
import { usePermission, useSession } from "./use-session.js";

/** Renders its children if a user is signed in. Children can be a function of the user. */
export function SignedIn({ children }: { children: ReactNode | ((user: Versioned<Me>) => ReactNode) }) {
  const session = useSession();
  if (session.status !== "signed_in") return null;
  return typeof children === "function" ? children(session.user) : children;
}

/** Renders its children if the user is signed out, but not while the session is `loading` or `failed`. */
export function SignedOut({ children }: { children: ReactNode }) {
  return useSession().status === "signed_out" ? children : null;
}

/**
 * Renders its children if the current user has the permission, such as `users:read`, and `fallback` otherwise. It only
 * adapts the interface; the server enforces permissions itself.
 */
export function RequirePermission(props: { permission: string; fallback?: ReactNode; children: ReactNode }) {
  return usePermission(props.permission) ? props.children : (props.fallback ?? null);
}
