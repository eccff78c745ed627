import type { ReactNode } from "react";
import type { Versioned } from "../operation.js";
import type { Me } from "../schema.gen.js";
import { usePermission, useSession } from "./use-session.js";

/** Shows its children, or what they make of the user, to somebody who is signed in. */
export function SignedIn({ children }: { children: ReactNode | ((user: Versioned<Me>) => ReactNode) }) {
  const session = useSession();
  if (session.status !== "signed_in") return null;
  return typeof children === "function" ? children(session.user) : children;
}

/** Shows its children when it is certain that nobody is signed in. */
export function SignedOut({ children }: { children: ReactNode }) {
  return useSession().status === "signed_out" ? children : null;
}

/** Shows its children to whoever has the permission, and `fallback` to others. The server checks for itself. */
export function RequirePermission(props: { permission: string; fallback?: ReactNode; children: ReactNode }) {
  return usePermission(props.permission) ? props.children : (props.fallback ?? null);
}
