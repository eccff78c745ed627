import { linkOptions } from "@tanstack/react-router";
import { isProblem, type User } from "@vestibule/client";
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
  /** Returns those of the resources with these IDs that exist. Accepts up to `MAX_IDS`. */
  names(ids: readonly string[]): Promise<Reference[]>;
}

/** The maximum number of IDs in one request. */
export const MAX_IDS = 100;

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
    names: async (ids) => (await client.listUsers({ ids: ids.join(), limit: MAX_IDS })).items.map(userReference),
  },
  role: {
    label: "Roles",
    permission: "roles:read",
    link: (roleId) => linkOptions({ to: "/admin/roles/$roleId", params: { roleId } }),
    search: async (text) => (await listRoles()).filter(nameIncludes(text)).map(named),
    names: async (ids) => (await listRoles()).filter(({ id }) => ids.includes(id)).map(named),
  },
} satisfies Record<string, ResourceKind>;

export type ResourceKindName = keyof typeof resourceKinds;

/** Returns a kind by the name in an audit event, which a newer server may have added. */
export function findResourceKind(name: string): ResourceKind | undefined {
  return Object.hasOwn(resourceKinds, name) ? resourceKinds[name as ResourceKindName] : undefined;
}

/** Returns all roles. The list is short and cached. */
function listRoles() {
  return queryClient.fetchQuery(rolesQuery(client));
}

const named = ({ id, name }: Reference): Reference => ({ id, name });

/** Loads resources one by one, for a list that has no filter by ID. Skips those that do not exist. */
export async function loadEach(ids: readonly string[], load: (id: string) => Promise<Reference>): Promise<Reference[]> {
  const found = await Promise.all(
    ids.map((id) =>
      load(id).catch((error) => {
        if (isProblem(error) && error.status === 404) return null;
        throw error;
      }),
    ),
  );
  return found.filter((reference) => reference !== null);
}

/** Returns the name of a resource that has only an ID. Its beginning is a time, which resources may share. */
export function nameFromId(label: string, id: string): string {
  return `${label} ${id.slice(-8)}`;
}

const userReference = ({ id, email, display_name }: User): Reference => ({ id, name: email, detail: display_name });

/** Searches a complete list. */
function nameIncludes(text: string): (reference: Reference) => boolean {
  return ({ name }) => name.toLocaleLowerCase().includes(text.toLocaleLowerCase());
}
