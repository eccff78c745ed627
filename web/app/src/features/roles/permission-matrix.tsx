import type { Permission } from "@vestibule/client";
import { Minus } from "lucide-react";
import { Checkbox } from "../../ui/checkbox";
import { cx } from "../../ui/cx";
import { toPermissionTable } from "./permissions";
import type { PermissionSelection } from "./use-role-edit";

/** The built-in permissions of a role: a row for each resource, a column for each action. */
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
      <table aria-label="Built-in permissions" className="w-full border-collapse text-sm">
        <thead>
          <tr className="border-line border-b bg-sunken text-muted text-xs">
            <th scope="col" className="h-8 pl-4 text-left font-medium sm:pl-3">
              <span className="sr-only">Resource</span>
            </th>
            {actions.map((action) => (
              <th key={action} scope="col" className="px-0.5 font-medium first-letter:uppercase sm:px-2">
                {action}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ resource, cells }) => (
            <tr key={resource} className="border-line border-b last:border-b-0">
              <th scope="row" className="h-11 pr-0.5 pl-4 text-left sm:pl-3 font-medium first-letter:uppercase">
                {resource}
              </th>
              {actions.map((action, index) => (
                <Cell key={action} permission={cells[index]} selection={selection} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ permission, selection }: { permission: Permission | undefined; selection: PermissionSelection }) {
  if (!permission) {
    return (
      <td className="text-center text-line">
        <Minus aria-hidden className="mx-auto size-3" />
      </td>
    );
  }
  const { name, description } = permission;
  return (
    <td
      className={cx("text-center transition-colors", changeClass(selection, name))}
      title={selection.disabledReason(name) ?? description ?? name}
    >
      <Checkbox
        aria-label={description ? `${description} (${name})` : name}
        className="align-middle"
        checked={selection.selected.has(name)}
        disabled={selection.locked || selection.disabledReason(name) !== undefined}
        onChange={(event) => selection.set(name, event.target.checked)}
      />
    </td>
  );
}

/** Returns the class name that highlights an unsaved change. The save bar has the same information as text. */
export function changeClass({ selected, saved }: PermissionSelection, name: string): string | undefined {
  if (selected.has(name) === saved.has(name)) return undefined;
  return selected.has(name) ? "bg-success-soft" : "bg-danger-soft";
}
