import type { Me, Role } from "@vestibule/client";

/** Whether somebody may put a permission into a role, or take it out. */
export type Reach = (permission: string) => boolean;

/** Nobody gives what they do not hold. `admin` is every permission, also those of other applications. */
export function reachOf(me: Pick<Me, "roles" | "permissions">): Reach {
  if (me.roles.includes("admin")) return () => true;
  const held = new Set(me.permissions);
  return (permission) => held.has(permission);
}

/** Why a role cannot be changed by this person, if so: what is the case, then what to do. */
export function lockOf(
  role: Pick<Role, "name" | "built_in" | "permissions">,
  me: Pick<Me, "roles" | "permissions">,
): string | undefined {
  if (role.built_in && role.name === "admin") {
    return "This role holds every permission, also those that will be added, so that somebody can always do everything. It cannot be changed or deleted.";
  }
  if (!me.permissions.includes("roles:write")) {
    return "You may see roles, not change them: that needs the permission roles:write. An administrator can give you a role that has it.";
  }
  const beyond = role.permissions.find((permission) => !reachOf(me)(permission));
  return (
    beyond && `This role holds ${beyond}, which you do not. Only those who hold all that is in a role can change it.`
  );
}
