import { fieldErrors, isProblem, type Role, type Versioned } from "@vestibule/client";
import { useUpdateRole } from "@vestibule/client/query";
import { useState } from "react";
import { useMe } from "../../lib/session";
import { changesBetween, draftOf, isUnchanged, type RoleDraft, rebase, requestOf } from "./draft";
import { lockOf, reachOf } from "./lock";
import { nameTaken, roleSchema } from "./schema";

/** The permissions of a role while they are being chosen. */
export interface PermissionChoice {
  chosen: ReadonlySet<string>;
  saved: ReadonlySet<string>;
  /** None of them can be changed. */
  locked: boolean;
  /** Why one of them cannot be changed, if so. */
  refusal(permission: string): string | undefined;
  set(permission: string, held: boolean): void;
}

interface Edit {
  /** The version that the edit began with. */
  base: Versioned<Role>;
  draft: RoleDraft;
}

/**
 * An edit of a role that is not saved yet. Until it begins, the newest version shows; from then on what it began
 * with, and the save tells the server which version that was.
 */
export function useRoleEdit(role: Versioned<Role>, onStale: () => void) {
  const me = useMe();
  const update = useUpdateRole();
  const [edit, setEdit] = useState<Edit | null>(null);
  const [problems, setProblems] = useState<{ name?: string; description?: string }>({});
  const base = edit?.base ?? role;
  const saved = draftOf(base);
  const draft = edit?.draft ?? saved;
  const changes = changesBetween(saved, draft);
  const lock = lockOf(base, me);
  const reach = reachOf(me);

  function begin(from: Versioned<Role>, next: RoleDraft) {
    setEdit(isUnchanged(changesBetween(draftOf(from), next)) ? null : { base: from, draft: next });
    update.reset();
    setProblems({});
  }

  function change(part: Partial<RoleDraft>) {
    if (!update.isPending) begin(base, { ...draft, ...part });
  }

  async function save() {
    const found = problemsOf(draft);
    setProblems(found);
    if (found.name || found.description) return;
    try {
      await update.mutateAsync({
        role_id: role.id,
        body: requestOf(draft, changes),
        ifMatch: base.etag,
      });
      setEdit(null);
    } catch (error) {
      if (isProblem(error, "stale")) onStale();
      else setProblems(refusalsOf(error));
    }
  }

  const choice: PermissionChoice = {
    chosen: draft.permissions,
    saved: saved.permissions,
    locked: lock !== undefined,
    refusal: (name) => (reach(name) ? undefined : `You do not hold ${name}, so you cannot give it.`),
    set(name, held) {
      const permissions = new Set(draft.permissions);
      if (held) permissions.add(name);
      else permissions.delete(name);
      change({ permissions });
    },
  };

  return {
    draft,
    changes,
    changed: edit !== null,
    lock,
    choice,
    problems,
    /** What no field is to blame for. */
    failure: problems.name || problems.description || isProblem(update.error, "stale") ? null : update.error,
    saving: update.isPending,
    /** All that was edited is saved, and nothing since. */
    justSaved: edit === null && update.isSuccess,
    /** Somebody else has saved the role since the edit began. */
    stale: edit !== null && !update.isPending && role.etag !== edit.base.etag,
    change,
    save,
    discard: () => begin(role, draftOf(role)),
    carryOver: () => begin(role, rebase(saved, draft, draftOf(role))),
  };
}

export type RoleEdit = ReturnType<typeof useRoleEdit>;

function problemsOf({ name, description }: RoleDraft) {
  const parsed = roleSchema.safeParse({ name, description });
  const issues = parsed.success ? [] : parsed.error.issues;
  return Object.fromEntries(issues.map(({ path, message }) => [path[0], message]).reverse());
}

/** What the server has against single fields. */
function refusalsOf(error: unknown): { name?: string; description?: string } {
  if (isProblem(error, "role_name_taken")) return { name: nameTaken };
  const { name, description } = fieldErrors(error);
  return { ...(name && { name: name.message }), ...(description && { description: description.message }) };
}
