import { Link, useNavigate } from "@tanstack/react-router";
import type { Permission, Role, Versioned } from "@vestibule/client";
import { LockKeyhole } from "lucide-react";
import { useCan } from "../../lib/session";
import { Badge } from "../../ui/badge";
import { Card } from "../../ui/card";
import { LabeledCheckbox } from "../../ui/checkbox";
import { Field } from "../../ui/field";
import { Input } from "../../ui/input";
import { Notice } from "../../ui/notice";
import { CustomPermissions } from "./custom-permissions";
import { DeleteRoleButton } from "./delete-role-button";
import { nameHint } from "./form-schema";
import { formatUsers } from "./format-users";
import { PermissionMatrix } from "./permission-matrix";
import { SaveBar } from "./save-bar";
import { type RoleEdit, useRoleEdit } from "./use-role-edit";

interface RoleEditorProps {
  role: Versioned<Role>;
  permissions: Permission[];
  /** The number of users with the role, if known. */
  userCount: number | undefined;
}

/** The name, description and permissions of a role. */
export function RoleEditor({ role, permissions, userCount }: RoleEditorProps) {
  const edit = useRoleEdit(role);
  const isRestricted = !edit.readOnlyReason && permissions.some(({ name }) => edit.selection.disabledReason(name));
  return (
    <Card>
      <section aria-label={`Role ${role.name}`}>
        <RoleHeader role={role} userCount={userCount} editable={!edit.readOnlyReason} />
        <div className="flex flex-col gap-5 px-4 py-4 sm:px-5">
          {edit.readOnlyReason && <Notice>{edit.readOnlyReason}</Notice>}
          {!edit.readOnlyReason && <RoleFields role={role} edit={edit} />}
          <LabeledCheckbox
            label="Requires a second factor"
            hint="Users without one can sign in, but the permissions of this role don't apply until they set one up."
            checked={edit.draft.requiresSecondFactor}
            disabled={!edit.canChangeSecondFactorRequirement}
            onChange={({ target }) => edit.change({ requiresSecondFactor: target.checked })}
          />
          <section className="flex flex-col gap-2">
            <h3 className="font-semibold text-sm">Permissions</h3>
            <PermissionMatrix permissions={permissions} selection={edit.selection} />
            {isRestricted && <p className="text-muted text-sm">You can only grant permissions that you have.</p>}
          </section>
          <CustomPermissions permissions={permissions} selection={edit.selection} />
        </div>
        <SaveBar edit={edit} />
      </section>
    </Card>
  );
}

interface RoleHeaderProps {
  role: Versioned<Role>;
  userCount: number | undefined;
  /** Hides the description, because the form has an input for it. */
  editable: boolean;
}

function RoleHeader({ role, userCount, editable }: RoleHeaderProps) {
  const navigate = useNavigate();
  return (
    <header className="flex items-start justify-between gap-4 border-line border-b px-4 py-4 sm:px-5">
      <div className="min-w-0">
        <h2 className="flex flex-wrap items-center gap-2 wrap-anywhere font-semibold text-lg">
          {role.name}
          {role.built_in && (
            <Badge>
              <LockKeyhole aria-hidden className="mr-1 size-3" />
              Built in
            </Badge>
          )}
        </h2>
        {role.description && !editable && <p className="text-muted text-sm">{role.description}</p>}
        {userCount !== undefined && <UserCount role={role.name} count={userCount} />}
      </div>
      {editable && !role.built_in && (
        <DeleteRoleButton
          role={role}
          userCount={userCount}
          onDeleted={() => void navigate({ to: "/admin/roles", replace: true })}
        />
      )}
    </header>
  );
}

function UserCount({ role, count }: { role: string; count: number }) {
  const canReadUsers = useCan()("users:read");
  const text = `${count === 0 ? "No users have" : `${formatUsers(count)} ${count === 1 ? "has" : "have"}`} this role`;
  return (
    <p className="mt-1 text-sm">
      {canReadUsers && count > 0 ? (
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
        error={edit.fieldErrors.name}
        hint={
          role.built_in
            ? "This built-in role is assigned at sign-up and can't be renamed."
            : edit.changes.name && nameHint
        }
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
      <Field label="Description" optional error={edit.fieldErrors.description}>
        <Input
          value={edit.draft.description}
          onChange={(event) => edit.change({ description: event.target.value })}
          autoComplete="off"
        />
      </Field>
    </div>
  );
}
