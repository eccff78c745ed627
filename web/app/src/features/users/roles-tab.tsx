import { isProblem, type RoleRow, type User, type Versioned } from "@vestibule/client";
import { useAssignRoles, useRoles } from "@vestibule/client/query";
import { useEffect, useState } from "react";
import { usePermissions } from "../../lib/session";
import { Button } from "../../ui/button";
import { Card, Section } from "../../ui/card";
import { ErrorState } from "../../ui/error-state";
import { FormError } from "../../ui/form-error";
import { Notice } from "../../ui/notice";
import { Skeleton } from "../../ui/skeleton";
import { toast } from "../../ui/toast";
import { difference } from "./changes";
import { RoleBadges } from "./role-badges";
import { RoleChecklist } from "./role-checklist";
import { StaleNotice } from "./stale-notice";

/** Which roles somebody has; to be changed by those who may. */
export function RolesTab({ user }: { user: Versioned<User> }) {
  const holds = usePermissions();
  return (
    <div className="max-w-2xl">
      {holds("roles:read") && holds("roles:assign") ? <Assignable user={user} /> : <Roles user={user} />}
    </div>
  );
}

function Roles({ user }: { user: User }) {
  return (
    <Section title="Roles" description="To change them takes the permissions roles:read and roles:assign.">
      <RoleBadges roles={user.roles} />
    </Section>
  );
}

function Assignable({ user }: { user: Versioned<User> }) {
  const roles = useRoles();
  if (roles.data) return <RolesForm user={user} roles={roles.data} />;
  if (roles.isError) {
    return (
      <Card>
        <ErrorState
          title="Could not load the roles"
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
  const holds = usePermissions();
  /** The version that the choice began with. */
  const [base, setBase] = useState(user);
  const [chosen, setChosen] = useState<readonly string[]>(user.roles);
  const { mutate, isPending, error, reset } = useAssignRoles();

  const { given, taken } = difference(base.roles, chosen);
  const isDirty = given.length + taken.length > 0;
  const isOutdated = user.etag !== base.etag && !isPending;

  function choose(from: Versioned<User>) {
    setBase(from);
    setChosen(from.roles);
    reset();
  }

  // Untouched, the boxes show the newest version; a choice is never overwritten.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `choose` is made anew each time and does the same.
  useEffect(() => {
    if (isOutdated && !isDirty) choose(user);
  }, [isOutdated, isDirty, user]);

  const beyond = roles
    .filter(({ name }) => base.roles.includes(name))
    .flatMap(({ permissions }) => permissions)
    .find((permission) => !holds(permission));

  function save() {
    mutate(
      { user_id: base.id, body: { roles: [...chosen] }, ifMatch: base.etag },
      {
        onSuccess: (saved) => {
          choose(saved);
          toast.done("Roles saved");
        },
      },
    );
  }

  return (
    <Section title="Roles" description="What they may do is what their roles permit, taken together.">
      <div className="flex flex-col gap-4">
        {beyond && (
          <Notice title="You cannot change the roles of this user">
            They hold {beyond}, which you do not. Ask somebody who holds it.
          </Notice>
        )}
        <RoleChecklist roles={roles} chosen={chosen} onChange={setChosen} disabled={Boolean(beyond) || isPending} />
        {isOutdated && isDirty ? (
          <StaleNotice onReload={() => choose(user)} />
        ) : (
          <FormError
            error={error}
            title={isProblem(error, "stale", "last_admin") ? undefined : "Could not save the roles"}
          />
        )}
        {isDirty && (
          <div className="sticky bottom-0 -mx-5 -mb-4 flex flex-wrap items-center justify-between gap-3 rounded-b-lg border-line border-t bg-raised px-5 py-3">
            <p role="status" className="text-sm">
              {given.length > 0 && <span className="block">Gives {given.join(", ")}</span>}
              {taken.length > 0 && <span className="block">Takes away {taken.join(", ")}</span>}
            </p>
            <div className="flex gap-2">
              <Button onClick={() => choose(user)}>Discard</Button>
              <Button variant="primary" busy={isPending} disabled={isOutdated} onClick={save}>
                Save roles
              </Button>
            </div>
          </div>
        )}
      </div>
    </Section>
  );
}
