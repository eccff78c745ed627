import type { Permission } from "@vestibule/client";
import { type FormEvent, useState } from "react";
import { useUnsavedChanges } from "../../lib/unsaved-changes";
import { Button } from "../../ui/button";
import { LabeledCheckbox } from "../../ui/checkbox";
import { cx } from "../../ui/cx";
import { Field } from "../../ui/field";
import { Input } from "../../ui/input";
import { changeClass } from "./permission-matrix";
import { groupCustomPermissions, validatePermissionName } from "./permissions";
import type { PermissionSelection } from "./use-role-edit";

interface CustomPermissionsProps {
  permissions: Permission[];
  selection: PermissionSelection;
}

/** The permissions of other applications that use the same roles, with a field to add one. */
export function CustomPermissions({ permissions, selection }: CustomPermissionsProps) {
  const groups = groupCustomPermissions(permissions, [...selection.saved, ...selection.selected]);
  if (groups.length === 0 && selection.locked) return null;
  return (
    <section className="flex flex-col gap-3">
      <div>
        <h3 className="font-semibold text-sm">Custom permissions</h3>
        <p className="text-muted text-sm">
          Permissions defined and checked by other applications that use these roles.
        </p>
      </div>
      {groups.map(({ resource, names }) => (
        <fieldset key={resource} className="flex min-w-0 flex-wrap gap-x-1 gap-y-1">
          <legend className="mb-1 font-medium text-muted text-xs">{resource}</legend>
          {names.map((name) => (
            <div
              key={name}
              title={selection.disabledReason(name)}
              className={cx("rounded-md px-2 py-1 transition-colors", changeClass(selection, name) ?? "bg-sunken")}
            >
              <LabeledCheckbox
                label={<span className="wrap-anywhere">{name}</span>}
                checked={selection.selected.has(name)}
                disabled={selection.locked || selection.disabledReason(name) !== undefined}
                onChange={(event) => selection.set(name, event.target.checked)}
              />
            </div>
          ))}
        </fieldset>
      ))}
      {!selection.locked && <AddPermission selection={selection} />}
    </section>
  );
}

function AddPermission({ selection }: { selection: PermissionSelection }) {
  const [name, setName] = useState("");
  const [error, setError] = useState<string>();
  useUnsavedChanges(() => name !== "");

  function add(event: FormEvent) {
    event.preventDefault();
    const permission = name.trim();
    const invalid = validatePermissionName(permission) ?? selection.disabledReason(permission);
    setError(invalid);
    if (invalid) return;
    selection.set(permission, true);
    setName("");
  }

  return (
    <form onSubmit={add} noValidate className="flex max-w-md items-start gap-2">
      <Field label="Add permission" hideLabel error={error} className="flex-1">
        <Input
          value={name}
          onChange={(event) => {
            setName(event.target.value);
            setError(undefined);
          }}
          placeholder="reports:read"
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
      <Button type="submit">Add permission</Button>
    </form>
  );
}
