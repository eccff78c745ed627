import { linkOptions } from "@tanstack/react-router";
import { rolesQuery, userQuery, usersQuery } from "@vestibule/client/query";
import { queryClient } from "./query-client";
import { client } from "./session";

/** A resource that others refer to by ID. */
export interface Reference {
  id: string;
  /** The text that identifies it for users. */
  name: string;
  /** Secondary text in a list of references. */
  detail?: string | null;
}

/** A kind of resource that has a page. */
export interface ResourceKind {
  /** The plural name: "Projects". */
  label: string;
  /** The permission that reading requires. */
  permission: string;
  /** Returns the link to the page of a resource. */
  link(id: string): { to: string; params: object };
  /** Returns the resources that match, or the first ones if the text is empty. */
  search(text: string): Promise<Reference[]>;
  find(id: string): Promise<Reference>;
}

/** The number of results of a search. */
const limit = 50;

/**
 * The kinds of resources, by the name that audit events have for them. Reference fields search them, and the audit log
 * shows their names, links to their pages and has filters for their actions. Add a new resource here.
 */
export const resourceKinds = {
  user: {
    label: "Users",
    permission: "users:read",
    link: (userId) => linkOptions({ to: "/admin/users/$userId", params: { userId } }),
    search: async (text) => {
      const page = await queryClient.fetchQuery(usersQuery(client, { limit, ...(text && { q: text }) }));
      return page.items.map(toUserReference);
    },
    find: async (id) => toUserReference(await queryClient.ensureQueryData(userQuery(client, id))),
  },
  role: {
    label: "Roles",
    permission: "roles:read",
    link: (roleId) => linkOptions({ to: "/admin/roles/$roleId", params: { roleId } }),
    search: async (text) => filterByName(await queryClient.fetchQuery(rolesQuery(client)), text),
    find: async (id) => {
      const roles = await queryClient.ensureQueryData(rolesQuery(client));
      return roles.find((role) => role.id === id) ?? client.getRole({ role_id: id });
    },
  },
} satisfies Record<string, ResourceKind>;

export type ResourceKindName = keyof typeof resourceKinds;

/** Returns a kind by the name in an audit event, which a newer server may have added. */
export function findResourceKind(name: string): ResourceKind | undefined {
  return Object.hasOwn(resourceKinds, name) ? resourceKinds[name as ResourceKindName] : undefined;
}

function toUserReference(user: { id: string; email: string; display_name: string | null }): Reference {
  return { id: user.id, name: user.email, detail: user.display_name };
}

/** Filters a complete list. */
function filterByName(references: readonly Reference[], text: string): Reference[] {
  const wanted = text.toLocaleLowerCase();
  return references
    .filter(({ name }) => name.toLocaleLowerCase().includes(wanted))
    .map(({ id, name }) => ({ id, name }));
}
