import type { Me, Role } from "@vestibule/client";

/**
 * Returns a function that checks whether the user is allowed to add a permission to a role or remove it. Users can only
 * grant permissions that they have; the admin role has all of them, including those of other applications.
 */
export function grantCheck(me: Pick<Me, "roles" | "permissions">): (permission: string) => boolean {
  if (me.roles.includes("admin")) return () => true;
  const own = new Set(me.permissions);
  return (permission) => own.has(permission);
}

/** Returns the reason why the user cannot edit a role, or `undefined` if they can. */
export function readOnlyReason(
  role: Pick<Role, "name" | "built_in" | "permissions">,
  me: Pick<Me, "roles" | "permissions">,
): string | undefined {
  if (isAdminRole(role)) {
    return "This role always has every permission, including those added in the future. Only its second factor requirement can be changed.";
  }
  if (!me.permissions.includes("roles:write")) {
    return "Requires roles:write to edit. Ask an administrator for a role that includes it.";
  }
  const canGrant = grantCheck(me);
  const missing = role.permissions.find((permission) => !canGrant(permission));
  return (
    missing && `You can't edit this role: it includes ${missing}, which you don't have. You need all its permissions.`
  );
}

/**
 * Checks whether the user can change if a role requires a second factor. It is the only part of the admin role that can
 * be changed.
 */
export function canChangeSecondFactorRequirement(
  role: Pick<Role, "name" | "built_in" | "permissions">,
  me: Pick<Me, "roles" | "permissions">,
): boolean {
  if (!isAdminRole(role)) return readOnlyReason(role, me) === undefined;
  return me.permissions.includes("roles:write") && role.permissions.every(grantCheck(me));
}

function isAdminRole({ name, built_in }: Pick<Role, "name" | "built_in">): boolean {
  return built_in && name === "admin";
}
