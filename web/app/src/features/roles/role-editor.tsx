import { Link, useNavigate } from "@tanstack/react-router";
import type { Permission, Role, Versioned } from "@vestibule/client";
import { LockKeyhole, Trash2 } from "lucide-react";
import { useState } from "react";
import { usePermissions } from "../../lib/session";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Card } from "../../ui/card";
import { Field } from "../../ui/field";
import { Input } from "../../ui/input";
import { Notice } from "../../ui/notice";
import { DeleteRoleDialog } from "./delete-role-dialog";
import { LeaveGuard } from "./leave-guard";
import { formatUsers } from "./members";
import { OtherPermissions } from "./other-permissions";
import { PermissionMatrix } from "./permission-matrix";
import { SaveBar } from "./save-bar";
import { nameHint } from "./schema";
import { type RoleEdit, useRoleEdit } from "./use-role-edit";

interface RoleEditorProps {
  role: Versioned<Role>;
  permissions: Permission[];
  /** How many users have it, when that is known. */
  users: number | undefined;
  /** Loads the newest version. */
  onStale(): void;
}

/** One role: what it is called, what it permits, and who has it. */
export function RoleEditor({ role, permissions, users, onStale }: RoleEditorProps) {
  const edit = useRoleEdit(role, onStale);
  const beyondReach = !edit.lock && permissions.some(({ name }) => edit.choice.refusal(name));
  return (
    <Card>
      <section aria-label={`Role ${role.name}`}>
        <RoleHeader role={role} users={users} editable={!edit.lock} />
        <div className="flex flex-col gap-5 px-4 py-4 sm:px-5">
          {edit.lock && <Notice>{edit.lock}</Notice>}
          {!edit.lock && <RoleFields role={role} edit={edit} />}
          <section className="flex flex-col gap-2">
            <h3 className="font-semibold text-sm">Permissions</h3>
            <PermissionMatrix permissions={permissions} choice={edit.choice} />
            {beyondReach && (
              <p className="text-muted text-sm">What you do not hold yourself, you cannot give to a role.</p>
            )}
          </section>
          <OtherPermissions permissions={permissions} choice={edit.choice} />
        </div>
        <SaveBar edit={edit} />
      </section>
      <LeaveGuard changed={edit.changed} name={role.name} />
    </Card>
  );
}

function RoleHeader({
  role,
  users,
  editable,
}: {
  role: Versioned<Role>;
  users: number | undefined;
  /** Then the description stands in its field. */
  editable: boolean;
}) {
  const [deleting, setDeleting] = useState(false);
  const navigate = useNavigate();
  return (
    <header className="flex items-start justify-between gap-4 border-line border-b px-4 py-4 sm:px-5">
      <div className="min-w-0">
        <h2 className="flex flex-wrap items-center gap-2 break-all font-semibold text-lg">
          {role.name}
          {role.built_in && (
            <Badge>
              <LockKeyhole aria-hidden className="mr-1 size-3" />
              Built in
            </Badge>
          )}
        </h2>
        {role.description && !editable && <p className="text-muted text-sm">{role.description}</p>}
        {users !== undefined && <Members role={role.name} users={users} />}
      </div>
      {editable && !role.built_in && (
        <>
          <Button variant="danger-secondary" onClick={() => setDeleting(true)}>
            <Trash2 aria-hidden />
            Delete
          </Button>
          <DeleteRoleDialog
            open={deleting}
            onOpenChange={setDeleting}
            role={role}
            users={users}
            onDeleted={() => void navigate({ to: "/admin/roles", replace: true, ignoreBlocker: true })}
          />
        </>
      )}
    </header>
  );
}

function Members({ role, users }: { role: string; users: number }) {
  const maySee = usePermissions()("users:read");
  const text = `${users === 0 ? "Nobody" : formatUsers(users)} ${users > 1 ? "have" : "has"} this role`;
  return (
    <p className="mt-1 text-sm">
      {maySee && users > 0 ? (
        <Link to="/admin/users" search={{ role }} className="link">
          {text}
        </Link>
      ) : (
        <span className="text-muted">{text}</span>
      )}
    </p>
  );
}

function RoleFields({ role, edit }: { role: Role; edit: RoleEdit }) {
  return (
    <div className="grid gap-4 sm:grid-cols-[1fr_2fr]">
      <Field
        label="Name"
        error={edit.problems.name}
        hint={role.built_in ? "Built in: it is given at sign-up by this name." : edit.changes.name && nameHint}
      >
        <Input
          value={edit.draft.name}
          readOnly={role.built_in}
          className={role.built_in ? "bg-sunken text-muted" : undefined}
          onChange={(event) => edit.change({ name: event.target.value })}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
      <Field label="Description" optional error={edit.problems.description}>
        <Input
          value={edit.draft.description}
          onChange={(event) => edit.change({ description: event.target.value })}
          autoComplete="off"
        />
      </Field>
    </div>
  );
}
