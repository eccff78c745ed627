import type { Permission } from "@vestibule/client";

/** The format of permission names: a resource and an action. */
const permissionPattern = /^([a-z][a-z0-9_-]{0,39}):([a-z][a-z0-9_-]{0,39})$/;

/** The built-in permissions as a table: a row for each resource, a column for each action. */
export interface PermissionTable {
  actions: string[];
  rows: { resource: string; cells: (Permission | undefined)[] }[];
}

/** The most common actions and resources are shown first. */
const commonActions = ["read", "create", "write", "delete"];
const commonResources = ["users", "roles", "sessions", "audit"];

/** Arranges the built-in permissions in a table. Unknown resources and actions are appended. */
export function toPermissionTable(permissions: readonly Permission[]): PermissionTable {
  const builtIn = permissions.filter((permission) => permission.built_in);
  const byName = new Map(builtIn.map((permission) => [permission.name, permission]));
  const parts = builtIn.map(({ name }) => name.split(":"));
  const actions = sortUnique(
    parts.map(([, action = ""]) => action),
    commonActions,
  );
  const resources = sortUnique(
    parts.map(([resource = ""]) => resource),
    commonResources,
  );
  return {
    actions,
    rows: resources.map((resource) => ({
      resource,
      cells: actions.map((action) => byName.get(`${resource}:${action}`)),
    })),
  };
}

/** Groups the permissions of other applications by resource: all known ones and those of the role. */
export function groupCustomPermissions(permissions: readonly Permission[], rolePermissions: Iterable<string>) {
  const builtIn = new Set(permissions.filter((permission) => permission.built_in).map(({ name }) => name));
  const names = new Set([...permissions.map(({ name }) => name), ...rolePermissions]);
  const custom = [...names].filter((name) => !builtIn.has(name)).toSorted();
  const resources = [...new Set(custom.map(getResource))];
  return resources.map((resource) => ({ resource, names: custom.filter((name) => getResource(name) === resource) }));
}

const getResource = (name: string) => name.split(":")[0] ?? name;

/** Returns the error message for an invalid permission name, or `undefined` for a valid one. */
export function validatePermissionName(name: string): string | undefined {
  if (name === "") return "Enter a permission name.";
  if (permissionPattern.test(name)) return undefined;
  if (!name.includes(":")) return "Use the format resource:action, such as reports:read.";
  return "Use lowercase letters, digits, - and _. Both parts must start with a letter and have at most 40 characters.";
}

function sortUnique(names: string[], common: readonly string[]): string[] {
  const rank = (name: string) => (common.includes(name) ? common.indexOf(name) : common.length);
  return [...new Set(names)].toSorted((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}
