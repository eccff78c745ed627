import type { Role, UpdateRoleRequest } from "@vestibule/client";

/** The editable values of a role, as in the form. */
export interface RoleDraft {
  name: string;
  /** Empty if the role has none. */
  description: string;
  permissions: ReadonlySet<string>;
  requiresSecondFactor: boolean;
}

/** The differences between two drafts. */
export interface RoleChanges {
  added: string[];
  removed: string[];
  name: boolean;
  description: boolean;
  requiresSecondFactor: boolean;
}

export function toDraft(
  role: Pick<Role, "name" | "description" | "permissions" | "requires_second_factor">,
): RoleDraft {
  return {
    name: role.name,
    description: role.description ?? "",
    permissions: new Set(role.permissions),
    requiresSecondFactor: role.requires_second_factor,
  };
}

export function diffDrafts(before: RoleDraft, after: RoleDraft): RoleChanges {
  return {
    added: [...after.permissions].filter((name) => !before.permissions.has(name)).toSorted(),
    removed: [...before.permissions].filter((name) => !after.permissions.has(name)).toSorted(),
    name: before.name !== after.name.trim(),
    description: before.description !== after.description.trim(),
    requiresSecondFactor: before.requiresSecondFactor !== after.requiresSecondFactor,
  };
}

export function isUnchanged({ added, removed, name, description, requiresSecondFactor }: RoleChanges): boolean {
  return added.length === 0 && removed.length === 0 && !name && !description && !requiresSecondFactor;
}

/** Converts the changes to a request with only the changed fields, so that nothing else is overwritten. */
export function toUpdateRequest(after: RoleDraft, changes: RoleChanges): UpdateRoleRequest {
  return {
    ...(changes.name && { name: after.name.trim() }),
    ...(changes.description && { description: after.description.trim() || null }),
    ...((changes.added.length > 0 || changes.removed.length > 0) && { permissions: [...after.permissions].toSorted() }),
    ...(changes.requiresSecondFactor && { requires_second_factor: after.requiresSecondFactor }),
  };
}

/** Applies the same changes to a newer version of the role. */
export function reapply(before: RoleDraft, after: RoleDraft, latest: RoleDraft): RoleDraft {
  const changes = diffDrafts(before, after);
  const permissions = new Set([...latest.permissions, ...changes.added]);
  for (const name of changes.removed) permissions.delete(name);
  return {
    name: changes.name ? after.name : latest.name,
    description: changes.description ? after.description : latest.description,
    permissions,
    requiresSecondFactor: changes.requiresSecondFactor ? after.requiresSecondFactor : latest.requiresSecondFactor,
  };
}

/** Summarizes changes briefly: "+2 −1 · description". */
export function summarizeChanges({ added, removed, name, description, requiresSecondFactor }: RoleChanges): string {
  const counts = [added.length > 0 && `+${added.length}`, removed.length > 0 && `−${removed.length}`];
  const permissions = counts.filter(Boolean).join(" ");
  const parts = [permissions, name && "name", description && "description", requiresSecondFactor && "second factor"];
  return parts.filter(Boolean).join(" · ");
}

/** Describes changes as a sentence, for screen readers. */
export function describeChanges({ added, removed, name, description, requiresSecondFactor }: RoleChanges): string {
  const parts = [
    added.length > 0 && `${formatPermissions(added.length)} added`,
    removed.length > 0 && `${formatPermissions(removed.length)} removed`,
    name && "name changed",
    description && "description changed",
    requiresSecondFactor && "second factor requirement changed",
  ].filter(Boolean);
  return `Unsaved changes: ${parts.join(", ")}`;
}

const formatPermissions = (count: number) => (count === 1 ? "1 permission" : `${count} permissions`);
