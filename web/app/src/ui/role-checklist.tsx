import type { Role } from "@vestibule/client";
import { useCan } from "../lib/session";
import { LabeledCheckbox } from "./checkbox";

interface RoleChecklistProps {
  roles: readonly Role[];
  selected: readonly string[];
  onChange(selected: string[]): void;
  disabled?: boolean;
}

/** Checkboxes for all roles. Disables roles with permissions that the current user does not have. */
export function RoleChecklist({ roles, selected, onChange, disabled = false }: RoleChecklistProps) {
  const can = useCan();
  return (
    <ul className="flex flex-col gap-3">
      {roles.map((role) => {
        const missing = role.permissions.find((permission) => !can(permission));
        return (
          <li key={role.id}>
            <LabeledCheckbox
              label={role.name}
              hint={
                missing
                  ? `You can't assign this role: it includes ${missing}, which you don't have.`
                  : describeRole(role)
              }
              checked={selected.includes(role.name)}
              disabled={disabled || missing !== undefined}
              onChange={({ target }) =>
                onChange(
                  target.checked ? [...selected, role.name].toSorted() : selected.filter((name) => name !== role.name),
                )
              }
            />
          </li>
        );
      })}
    </ul>
  );
}

function describeRole({ description, permissions }: Role): string {
  if (description) return description;
  if (permissions.length === 0) return "No permissions";
  return permissions.join(", ");
}
