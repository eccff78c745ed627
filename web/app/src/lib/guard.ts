import { MissingPermission } from "./missing-permission";
import { client } from "./session";

/** For the `beforeLoad` of a route: shows the 403 page to those who lack the permission. The server checks for itself. */
export function requirePermission(permission: string): void {
  const state = client.session.getState();
  if (state.status === "signed_in" && !state.user.permissions.includes(permission)) {
    throw new MissingPermission(permission);
  }
}
