import type { Permission } from "@vestibule/client";
import { Minus } from "lucide-react";
import { Checkbox } from "../../ui/checkbox";
import { cx } from "../../ui/cx";
import { toPermissionTable } from "./permissions";
import type { PermissionSelection } from "./use-role-edit";

/**
 * The built-in permissions of a role: a row for each resource, a column for each action. On narrow screens, the actions of
 * a resource are below it, each with its label.
 */
export function PermissionMatrix({
  permissions,
  selection,
}: {
  permissions: Permission[];
  selection: PermissionSelection;
}) {
  const { actions, rows } = toPermissionTable(permissions);
  return (
    <div className="-mx-4 overflow-x-auto border-line border-y sm:mx-0 sm:rounded-md sm:border-x">
      <table aria-label="Built-in permissions" className="w-full border-collapse text-sm max-sm:block">
        <thead className="max-sm:hidden">
          <tr className="border-line border-b bg-sunken text-muted text-xs">
            <th scope="col" className="h-8 pl-3 text-left font-medium">
              <span className="sr-only">Resource</span>
            </th>
            {actions.map((action) => (
              <th key={action} scope="col" className="px-2 font-medium first-letter:uppercase">
                {action}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="max-sm:block">
          {rows.map(({ resource, cells }) => (
            <tr
              key={resource}
              className="border-line border-b last:border-b-0 max-sm:flex max-sm:flex-wrap max-sm:gap-1 max-sm:px-2 max-sm:py-3"
            >
              <th
                scope="row"
                className="text-left font-medium first-letter:uppercase max-sm:w-full max-sm:px-2 sm:h-11 sm:pl-3"
              >
                {resource}
              </th>
              {actions.map((action, index) => (
                <Cell key={action} action={action} permission={cells[index]} selection={selection} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface CellProps {
  action: string;
  permission: Permission | undefined;
  selection: PermissionSelection;
}

function Cell({ action, permission, selection }: CellProps) {
  if (!permission) {
    return (
      <td className="text-center text-line max-sm:hidden">
        <Minus aria-hidden className="mx-auto size-3" />
      </td>
    );
  }
  const { name, description } = permission;
  return (
    <td
      className={cx(
        "text-center transition-colors max-sm:rounded-md max-sm:px-2 max-sm:py-1",
        changeClass(selection, name),
      )}
      title={selection.disabledReason(name) ?? description ?? name}
    >
      <label className="inline-flex items-center gap-2 align-middle">
        <Checkbox
          aria-label={description ? `${description} (${name})` : name}
          checked={selection.selected.has(name)}
          disabled={selection.locked || selection.disabledReason(name) !== undefined}
          onChange={(event) => selection.set(name, event.target.checked)}
        />
        <span aria-hidden="true" className="first-letter:uppercase sm:hidden">
          {action}
        </span>
      </label>
    </td>
  );
}

/** Returns the class name that highlights an unsaved change. The save bar has the same information as text. */
export function changeClass({ selected, saved }: PermissionSelection, name: string): string | undefined {
  if (selected.has(name) === saved.has(name)) return undefined;
  return selected.has(name) ? "bg-success-soft" : "bg-danger-soft";
}
