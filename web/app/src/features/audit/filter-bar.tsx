import { useId } from "react";
import { hasFilters } from "../../lib/search-params";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { FilterBar } from "../../ui/filter-bar";
import { Input } from "../../ui/input";
import { OptionCombobox } from "../../ui/option-combobox";
import { ReferenceFilter } from "../../ui/reference-filter";
import { actionGroups } from "./labels";
import type { AuditSearch } from "./search";
import type { ResourceNames } from "./use-resource-names";

interface AuditFilterBarProps {
  search: AuditSearch;
  names: ResourceNames;
  onChange(change: AuditSearch): void;
  onClear(): void;
}

/** Filters the audit log by action, actor, target and date. */
export function AuditFilterBar({ search, names, onChange, onClear }: AuditFilterBarProps) {
  return (
    <FilterBar>
      <Field label="Action" optional hideLabel className="col-span-2 sm:w-52">
        <OptionCombobox
          groups={actionGroups}
          placeholder="Any action"
          value={search.action}
          onChange={(action) => onChange({ action })}
        />
      </Field>
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
        <Button variant="quiet" onClick={onClear} className="col-span-2 justify-self-start">
          Clear filters
        </Button>
      )}
    </FilterBar>
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
    <div className="col-span-2 flex min-w-0 items-center gap-1.5">
      <label htmlFor={id} className="w-9 shrink-0 text-muted text-sm sm:w-auto">
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
