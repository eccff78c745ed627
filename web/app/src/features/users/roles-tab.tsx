import { isProblem, type RoleRow, type User, type Versioned } from "@vestibule/client";
import { useAssignRoles, useRoles } from "@vestibule/client/query";
import { useState } from "react";
import { useCan } from "../../lib/session";
import { useUnsavedChanges } from "../../lib/unsaved-changes";
import { useEditBase } from "../../lib/use-edit-base";
import { Button } from "../../ui/button";
import { Card, Section } from "../../ui/card";
import { ErrorState } from "../../ui/error-state";
import { FormError } from "../../ui/form-error";
import { Notice } from "../../ui/notice";
import { RoleChecklist } from "../../ui/role-checklist";
import { Skeleton } from "../../ui/skeleton";
import { StaleNotice } from "../../ui/stale-notice";
import { toast } from "../../ui/toast";
import { RoleBadges } from "./badges";
import { diffRoles } from "./form-schema";

/** The roles of a user; editable with roles:read and roles:assign. */
export function RolesTab({ user }: { user: Versioned<User> }) {
  const can = useCan();
  return can("roles:read") && can("roles:assign") ? <EditableRoles user={user} /> : <ReadOnlyRoles user={user} />;
}

function ReadOnlyRoles({ user }: { user: User }) {
  return (
    <Section title="Roles" description="Requires roles:read and roles:assign to edit.">
      <RoleBadges roles={user.roles} />
    </Section>
  );
}

function EditableRoles({ user }: { user: Versioned<User> }) {
  const roles = useRoles();
  if (roles.data) return <RolesForm user={user} roles={roles.data} />;
  if (roles.isError) {
    return (
      <Card>
        <ErrorState
          title="Could not load roles"
          error={roles.error}
          onRetry={() => void roles.refetch()}
          retrying={roles.isFetching}
        />
      </Card>
    );
  }
  return (
    <Section title="Roles">
      <div className="flex flex-col gap-5" aria-busy="true">
        {["w-24", "w-32", "w-20"].map((width) => (
          <Skeleton key={width} className={width} />
        ))}
      </div>
    </Section>
  );
}

function RolesForm({ user, roles }: { user: Versioned<User>; roles: RoleRow[] }) {
  const can = useCan();
  const [changed, setChanged] = useState<readonly string[] | null>(null);
  const { mutate, isPending, error, reset } = useAssignRoles();
  const { base, stale, rebase } = useEditBase(user, { changed: changed !== null, saving: isPending });
  useUnsavedChanges(() => changed !== null);
  const selected = changed ?? base.roles;
  const { added, removed } = diffRoles(base.roles, selected);

  function select(roles: readonly string[]) {
    const { added, removed } = diffRoles(base.roles, roles);
    setChanged(added.length + removed.length > 0 ? roles : null);
  }

  function restart(from: Versioned<User>) {
    rebase(from);
    setChanged(null);
    reset();
  }

  const missing = roles
    .filter(({ name }) => base.roles.includes(name))
    .flatMap(({ permissions }) => permissions)
    .find((permission) => !can(permission));

  function save() {
    mutate(
      { user_id: base.id, body: { roles: [...selected] }, ifMatch: base.etag },
      {
        onSuccess: (saved) => {
          restart(saved);
          toast.success("Roles saved");
        },
      },
    );
  }

  return (
    <Section title="Roles" description="A user has the permissions of all their roles combined.">
      <div className="flex flex-col gap-4">
        {missing && (
          <Notice title="You can't change this user's roles">
            The user has {missing}, which you don't have. Ask an administrator who has it.
          </Notice>
        )}
        <RoleChecklist roles={roles} selected={selected} onChange={select} disabled={Boolean(missing) || isPending} />
        {stale ? (
          <StaleNotice resource="user" onReload={() => restart(user)} />
        ) : (
          <FormError
            error={error}
            title={isProblem(error, "stale", "last_admin") ? undefined : "Could not save roles"}
          />
        )}
        {changed && (
          <div className="sticky bottom-0 -mx-5 -mb-4 flex flex-wrap items-center justify-between gap-3 rounded-b-lg border-line border-t bg-raised px-5 py-3">
            <p role="status" className="text-sm">
              {added.length > 0 && <span className="block">Adds {added.join(", ")}</span>}
              {removed.length > 0 && <span className="block">Removes {removed.join(", ")}</span>}
            </p>
            <div className="flex gap-2">
              <Button onClick={() => restart(user)}>Discard</Button>
              <Button variant="primary" busy={isPending} disabled={stale} onClick={save}>
                Save roles
              </Button>
            </div>
          </div>
        )}
      </div>
    </Section>
  );
}
