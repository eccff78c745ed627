import type { Permission } from "@vestibule/client";
import { type FormEvent, useState } from "react";
import { Button } from "../../ui/button";
import { LabelledCheckbox } from "../../ui/checkbox";
import { cx } from "../../ui/cx";
import { Field } from "../../ui/field";
import { Input } from "../../ui/input";
import { changeClass } from "./permission-matrix";
import { otherPermissions, permissionNameProblem } from "./permissions";
import type { PermissionChoice } from "./use-role-edit";

interface OtherPermissionsProps {
  permissions: Permission[];
  choice: PermissionChoice;
}

/** The permissions that applications which share these roles have named, and a field for another name. */
export function OtherPermissions({ permissions, choice }: OtherPermissionsProps) {
  const groups = otherPermissions(permissions, [...choice.saved, ...choice.chosen]);
  if (groups.length === 0 && choice.locked) return null;
  return (
    <section className="flex flex-col gap-3">
      <div>
        <h3 className="font-semibold text-sm">Other applications</h3>
        <p className="text-muted text-sm">Permissions that applications sharing these roles check for themselves.</p>
      </div>
      {groups.map(({ resource, names }) => (
        <fieldset key={resource} className="flex min-w-0 flex-wrap gap-x-1 gap-y-1">
          <legend className="mb-1 font-medium text-muted text-xs">{resource}</legend>
          {names.map((name) => (
            <div
              key={name}
              title={choice.refusal(name)}
              className={cx("rounded-md px-2 py-1 transition-colors", changeClass(choice, name) ?? "bg-sunken")}
            >
              <LabelledCheckbox
                label={<span className="break-all">{name}</span>}
                checked={choice.chosen.has(name)}
                disabled={choice.locked || choice.refusal(name) !== undefined}
                onChange={(event) => choice.set(name, event.target.checked)}
              />
            </div>
          ))}
        </fieldset>
      ))}
      {!choice.locked && <AddPermission choice={choice} />}
    </section>
  );
}

function AddPermission({ choice }: { choice: PermissionChoice }) {
  const [name, setName] = useState("");
  const [problem, setProblem] = useState<string>();

  function add(event: FormEvent) {
    event.preventDefault();
    const wanted = name.trim();
    const found = permissionNameProblem(wanted) ?? choice.refusal(wanted);
    setProblem(found);
    if (found) return;
    choice.set(wanted, true);
    setName("");
  }

  return (
    <form onSubmit={add} noValidate className="flex max-w-md items-start gap-2">
      <Field label="Add permission" hideLabel error={problem} className="flex-1">
        <Input
          value={name}
          onChange={(event) => {
            setName(event.target.value);
            setProblem(undefined);
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
