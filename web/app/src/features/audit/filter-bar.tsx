import { useId } from "react";
import { hasFilters } from "../../lib/search-params";
import { Button } from "../../ui/button";
import { Input } from "../../ui/input";
import { ReferenceFilter } from "../../ui/reference-filter";
import { Select } from "../../ui/select";
import { actionGroups, actionLabel } from "./labels";
import type { AuditSearch } from "./search";
import type { ResourceNames } from "./use-resource-names";

interface FilterBarProps {
  search: AuditSearch;
  names: ResourceNames;
  onChange(change: AuditSearch): void;
  onClear(): void;
}

/** Filters the audit log by action, actor, target and date. */
export function FilterBar({ search, names, onChange, onClear }: FilterBarProps) {
  return (
    <div className="mb-3 grid grid-cols-2 items-start gap-2 lg:grid-cols-[1fr_1fr_1fr_auto_auto_auto]">
      <Select
        aria-label="Action"
        value={search.action ?? ""}
        onChange={(event) => onChange({ action: event.target.value || undefined })}
        className="col-span-2 lg:col-span-1"
      >
        <option value="">Any action</option>
        {actionGroups.map((group) => (
          <optgroup key={group.label} label={group.label}>
            {group.actions.map((action) => (
              <option key={action} value={action}>
                {actionLabel(action)}
              </option>
            ))}
          </optgroup>
        ))}
      </Select>
      <ReferenceFilter
        label="Actor"
        any="Any actor"
        kind="user"
        value={search.actor}
        known={names}
        onChange={(actor) => onChange({ actor })}
      />
      <ReferenceFilter
        label="Target"
        any="Any target"
        kind="any"
        value={search.target}
        known={names}
        onChange={(target) => onChange({ target })}
      />
      <DateInput label="From" value={search.from} max={search.to} onChange={(from) => onChange({ from })} />
      <DateInput label="To" value={search.to} min={search.from} onChange={(to) => onChange({ to })} />
      {hasFilters(search) && (
        <Button variant="quiet" onClick={onClear} className="col-span-2 justify-self-start lg:col-span-1">
          Clear filters
        </Button>
      )}
    </div>
  );
}

interface DateInputProps {
  label: string;
  value: string | undefined;
  min?: string | undefined;
  max?: string | undefined;
  onChange(date: string | undefined): void;
}

function DateInput({ label, value, min, max, onChange }: DateInputProps) {
  const id = useId();
  return (
    <div className="col-span-2 flex min-w-0 items-center gap-1.5 sm:col-span-1">
      <label htmlFor={id} className="w-9 shrink-0 text-muted text-sm lg:w-auto">
        {label}
      </label>
      <Input
        id={id}
        type="date"
        value={value ?? ""}
        min={min}
        max={max}
        onChange={(event) => onChange(event.target.value || undefined)}
      />
    </div>
  );
}
