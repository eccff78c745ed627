import { fieldErrors, isProblem, type Role, type Versioned } from "@vestibule/client";
import { useUpdateRole } from "@vestibule/client/query";
import { useMe } from "@vestibule/client/react";
import { useState } from "react";
import { useUnsavedChanges } from "../../lib/unsaved-changes";
import { useEditBase } from "../../lib/use-edit-base";
import { nameTaken, roleSchema } from "./form-schema";
import { canChangeSecondFactorRequirement, grantCheck, readOnlyReason } from "./role-access";
import { diffDrafts, isUnchanged, type RoleDraft, reapply, toDraft, toUpdateRequest } from "./role-draft";

/** The selected permissions of a role. */
export interface PermissionSelection {
  selected: ReadonlySet<string>;
  saved: ReadonlySet<string>;
  /** Disables all permissions. */
  locked: boolean;
  /** Returns the reason why a permission cannot be changed, or `undefined` if it can. */
  disabledReason(permission: string): string | undefined;
  set(permission: string, granted: boolean): void;
}

/** Manages the edit of a role. Saves it with the ETag of the version that the edit is based on. */
export function useRoleEdit(role: Versioned<Role>) {
  const me = useMe();
  const update = useUpdateRole();
  const [changed, setChanged] = useState<RoleDraft | null>(null);
  const [fieldMessages, setFieldMessages] = useState<{ name?: string; description?: string }>({});
  const { base, stale, rebase } = useEditBase(role, { changed: changed !== null, saving: update.isPending });
  useUnsavedChanges(() => changed !== null);
  const saved = toDraft(base);
  const draft = changed ?? saved;
  const changes = diffDrafts(saved, draft);
  const lockReason = readOnlyReason(base, me);
  const canGrant = grantCheck(me);

  function start(from: Versioned<Role>, next: RoleDraft) {
    rebase(from);
    setChanged(isUnchanged(diffDrafts(toDraft(from), next)) ? null : next);
    update.reset();
    setFieldMessages({});
  }

  function change(part: Partial<RoleDraft>) {
    if (!update.isPending) start(base, { ...draft, ...part });
  }

  async function save() {
    const messages = validate(draft);
    setFieldMessages(messages);
    if (messages.name || messages.description) return;
    try {
      await update.mutateAsync({
        role_id: role.id,
        body: toUpdateRequest(draft, changes),
        ifMatch: base.etag,
      });
      setChanged(null);
    } catch (error) {
      setFieldMessages(toFieldMessages(error));
    }
  }

  const selection: PermissionSelection = {
    selected: draft.permissions,
    saved: saved.permissions,
    locked: lockReason !== undefined,
    disabledReason: (name) => (canGrant(name) ? undefined : `You can't grant ${name} because you don't have it.`),
    set(name, granted) {
      const permissions = new Set(draft.permissions);
      if (granted) permissions.add(name);
      else permissions.delete(name);
      change({ permissions });
    },
  };

  return {
    draft,
    changes,
    changed: changed !== null,
    readOnlyReason: lockReason,
    canChangeSecondFactorRequirement: canChangeSecondFactorRequirement(base, me),
    selection,
    fieldErrors: fieldMessages,
    /** The error of the last attempt, unless it belongs to a field. */
    failure: fieldMessages.name || fieldMessages.description || isProblem(update.error, "stale") ? null : update.error,
    saving: update.isPending,
    /** The last changes are saved, and there are no new ones. */
    justSaved: changed === null && update.isSuccess,
    /** Someone else has saved the role during the edit. The latest version may not have been loaded yet. */
    stale: stale || isProblem(update.error, "stale"),
    change,
    save,
    discard: () => start(role, toDraft(role)),
    reapply: () => start(role, reapply(saved, draft, toDraft(role))),
  };
}

export type RoleEdit = ReturnType<typeof useRoleEdit>;

function validate({ name, description }: RoleDraft) {
  const parsed = roleSchema.safeParse({ name, description });
  const issues = parsed.success ? [] : parsed.error.issues;
  return Object.fromEntries(issues.map(({ path, message }) => [path[0], message]).reverse());
}

/** Returns the error messages of single fields. */
function toFieldMessages(error: unknown): { name?: string; description?: string } {
  if (isProblem(error, "role_name_taken")) return { name: nameTaken };
  const { name, description } = fieldErrors(error);
  return { ...(name && { name: name.message }), ...(description && { description: description.message }) };
}
