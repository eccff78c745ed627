import type { Permission } from "@vestibule/client";

/** The form of the name of any permission, and of both its halves. */
const permissionPattern = /^([a-z][a-z0-9_-]{0,39}):([a-z][a-z0-9_-]{0,39})$/;

/** The built-in permissions as a table: a row for each resource, a column for each action. */
export interface PermissionTable {
  actions: string[];
  rows: { resource: string; cells: (Permission | undefined)[] }[];
}

/** Those that everybody knows come first, in the order in which people think of them. */
const usualActions = ["read", "create", "write", "delete"];
const usualResources = ["users", "roles", "sessions", "audit"];

/** Arranges the built-in permissions; a new one of the server finds its place by itself. */
export function tableOf(permissions: readonly Permission[]): PermissionTable {
  const builtIn = permissions.filter((permission) => permission.built_in);
  const byName = new Map(builtIn.map((permission) => [permission.name, permission]));
  const halves = builtIn.map(({ name }) => name.split(":"));
  const actions = ordered(
    halves.map(([, action = ""]) => action),
    usualActions,
  );
  const resources = ordered(
    halves.map(([resource = ""]) => resource),
    usualResources,
  );
  return {
    actions,
    rows: resources.map((resource) => ({
      resource,
      cells: actions.map((action) => byName.get(`${resource}:${action}`)),
    })),
  };
}

/** The permissions that other applications brought, by resource: those that are known and those of this role. */
export function otherPermissions(permissions: readonly Permission[], ofRole: Iterable<string>) {
  const builtIn = new Set(permissions.filter((permission) => permission.built_in).map(({ name }) => name));
  const names = new Set([...permissions.map(({ name }) => name), ...ofRole]);
  const others = [...names].filter((name) => !builtIn.has(name)).toSorted();
  const resources = [...new Set(others.map(resourceOf))];
  return resources.map((resource) => ({ resource, names: others.filter((name) => resourceOf(name) === resource) }));
}

const resourceOf = (name: string) => name.split(":")[0] ?? name;

/** What is wrong with the name of a permission that somebody typed, if anything. */
export function permissionNameProblem(name: string): string | undefined {
  if (name === "") return "Enter the name of a permission.";
  if (permissionPattern.test(name)) return undefined;
  if (!name.includes(":")) return "Join what it is about and what may be done with a colon, as in reports:read.";
  return "Use lower-case letters, digits, - and _, a letter first, at most 40 on each side of the colon.";
}

function ordered(names: string[], usual: readonly string[]): string[] {
  const rank = (name: string) => (usual.includes(name) ? usual.indexOf(name) : usual.length);
  return [...new Set(names)].toSorted((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}
