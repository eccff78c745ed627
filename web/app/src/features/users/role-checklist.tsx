import type { Role } from "@vestibule/client";
import { usePermissions } from "../../lib/session";
import { LabelledCheckbox } from "../../ui/checkbox";

interface RoleChecklistProps {
  roles: readonly Role[];
  chosen: readonly string[];
  onChange(chosen: string[]): void;
  /** Nothing can be changed now. */
  disabled?: boolean;
}

/** All roles to choose from. What oneself does not hold cannot be given nor taken, and says so. */
export function RoleChecklist({ roles, chosen, onChange, disabled = false }: RoleChecklistProps) {
  const holds = usePermissions();
  return (
    <ul className="flex flex-col gap-3">
      {roles.map((role) => {
        const missing = role.permissions.find((permission) => !holds(permission));
        return (
          <li key={role.id}>
            <LabelledCheckbox
              label={role.name}
              hint={missing ? `Not yours to give or take: it has ${missing}, which you do not hold.` : meaning(role)}
              checked={chosen.includes(role.name)}
              disabled={disabled || missing !== undefined}
              onChange={({ target }) =>
                onChange(
                  target.checked ? [...chosen, role.name].toSorted() : chosen.filter((name) => name !== role.name),
                )
              }
            />
          </li>
        );
      })}
    </ul>
  );
}

function meaning({ description, permissions }: Role): string {
  if (description) return description;
  if (permissions.length === 0) return "No permissions yet";
  return permissions.join(", ");
}
