import { linkOptions } from "@tanstack/react-router";
import type { User } from "@vestibule/client";
import { rolesQuery } from "@vestibule/client/query";
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

/** The maximum number of results of a search. */
const limit = 50;

/**
 * The kinds of resources, by the name that audit events have for them. Reference fields search them, and the audit log
 * shows their names, links to their pages and filters by their actions. Add a new resource here.
 */
export const resourceKinds = {
  user: {
    label: "Users",
    permission: "users:read",
    link: (userId) => linkOptions({ to: "/admin/users/$userId", params: { userId } }),
    search: async (text) => (await client.listUsers({ q: text || undefined, limit })).items.map(userReference),
    find: async (user_id) => userReference(await client.getUser({ user_id })),
  },
  role: {
    label: "Roles",
    permission: "roles:read",
    link: (roleId) => linkOptions({ to: "/admin/roles/$roleId", params: { roleId } }),
    search: async (text) => (await queryClient.fetchQuery(rolesQuery(client))).filter(nameIncludes(text)).map(named),
    find: async (role_id) => named(await client.getRole({ role_id })),
  },
} satisfies Record<string, ResourceKind>;

export type ResourceKindName = keyof typeof resourceKinds;

/** Returns a kind by the name in an audit event, which a newer server may have added. */
export function findResourceKind(name: string): ResourceKind | undefined {
  return Object.hasOwn(resourceKinds, name) ? resourceKinds[name as ResourceKindName] : undefined;
}

const named = ({ id, name }: Reference): Reference => ({ id, name });

/** Returns the name of a resource that has only an ID. Its beginning is a time, which resources may share. */
export function nameFromId(label: string, id: string): string {
  return `${label} ${id.slice(-8)}`;
}

const userReference = ({ id, email, display_name }: User): Reference => ({ id, name: email, detail: display_name });

/** Searches a complete list. */
function nameIncludes(text: string): (reference: Reference) => boolean {
  return ({ name }) => name.toLocaleLowerCase().includes(text.toLocaleLowerCase());
}
