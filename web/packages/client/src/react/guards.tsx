"use client";

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

/** Renders its children if the user is signed out, but not while the session is `loading` or `offline`. */
export function SignedOut({ children }: { children: ReactNode }) {
  return useSession().status === "signed_out" ? children : null;
}

/** The properties of `RequirePermission`. */
export interface RequirePermissionProps {
  /** The required permission, such as `users:read`. */
  permission: string;
  children: ReactNode;
  /** Rendered if the user lacks the permission or is signed out. */
  fallback?: ReactNode;
  /** Rendered while it is not known whether a user is signed in. */
  loading?: ReactNode;
}

/**
 * Renders its children if the current user has the permission. It only adapts the interface; the server enforces
 * permissions itself.
 */
export function RequirePermission({ permission, children, fallback = null, loading = null }: RequirePermissionProps) {
  const { status } = useSession();
  const permitted = usePermission(permission);
  if (permitted) return children;
  return status === "signed_in" || status === "signed_out" ? fallback : loading;
}
