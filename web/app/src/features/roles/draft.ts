import type { Role, UpdateRoleRequest } from "@vestibule/client";

/** What of a role can be edited, as it stands in the form. */
export interface RoleDraft {
  name: string;
  /** Empty when there is none. */
  description: string;
  permissions: ReadonlySet<string>;
}

/** What an edit comes to. */
export interface RoleChanges {
  added: string[];
  removed: string[];
  name: boolean;
  description: boolean;
}

export function draftOf(role: Pick<Role, "name" | "description" | "permissions">): RoleDraft {
  return { name: role.name, description: role.description ?? "", permissions: new Set(role.permissions) };
}

export function changesBetween(before: RoleDraft, after: RoleDraft): RoleChanges {
  return {
    added: [...after.permissions].filter((name) => !before.permissions.has(name)).toSorted(),
    removed: [...before.permissions].filter((name) => !after.permissions.has(name)).toSorted(),
    name: before.name !== after.name.trim(),
    description: before.description !== after.description.trim(),
  };
}

export function isUnchanged({ added, removed, name, description }: RoleChanges): boolean {
  return added.length === 0 && removed.length === 0 && !name && !description;
}

/** The members that were changed and no others, so that nothing else is overwritten. */
export function requestOf(after: RoleDraft, changes: RoleChanges): UpdateRoleRequest {
  return {
    ...(changes.name && { name: after.name.trim() }),
    ...(changes.description && { description: after.description.trim() || null }),
    ...((changes.added.length > 0 || changes.removed.length > 0) && { permissions: [...after.permissions].toSorted() }),
  };
}

/** The same edit, made to what somebody else has saved meanwhile. */
export function rebase(before: RoleDraft, after: RoleDraft, latest: RoleDraft): RoleDraft {
  const changes = changesBetween(before, after);
  const permissions = new Set([...latest.permissions, ...changes.added]);
  for (const name of changes.removed) permissions.delete(name);
  return {
    name: changes.name ? after.name : latest.name,
    description: changes.description ? after.description : latest.description,
    permissions,
  };
}

/** The edit in a few characters: "+2 −1 · description". */
export function summaryOf({ added, removed, name, description }: RoleChanges): string {
  const counts = [added.length > 0 && `+${added.length}`, removed.length > 0 && `−${removed.length}`];
  const permissions = counts.filter(Boolean).join(" ");
  return [permissions, name && "name", description && "description"].filter(Boolean).join(" · ");
}

/** The edit as a sentence, for those who hear it. */
export function sentenceOf({ added, removed, name, description }: RoleChanges): string {
  const parts = [
    added.length > 0 && `${count(added.length)} added`,
    removed.length > 0 && `${count(removed.length)} removed`,
    name && "name changed",
    description && "description changed",
  ].filter(Boolean);
  return `Not saved: ${parts.join(", ")}`;
}

const count = (permissions: number) => (permissions === 1 ? "1 permission" : `${permissions} permissions`);
