import { useId } from "react";
import { Button } from "../../ui/button";
import { Input } from "../../ui/input";
import { Select } from "../../ui/select";
import { type AuditSearch, isNarrowed } from "./search";
import { SubjectFilter } from "./subject-filter";
import type { Names } from "./use-names";
import { actionGroups, actionInWords } from "./words";

interface FilterBarProps {
  search: AuditSearch;
  names: Names;
  onChange(change: AuditSearch): void;
  onClear(): void;
}

/** Above the events: by whom, what, to whom, and when. */
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
                {actionInWords(action)}
              </option>
            ))}
          </optgroup>
        ))}
      </Select>
      <SubjectFilter
        label="Actor"
        placeholder="Any actor"
        value={search.actor}
        names={names}
        onChange={(actor) => onChange({ actor })}
      />
      <SubjectFilter
        label="Target"
        placeholder="Any target"
        value={search.target}
        names={names}
        onChange={(target) => onChange({ target })}
      />
      <Day label="From" value={search.from} latest={search.to} onChange={(from) => onChange({ from })} />
      <Day label="To" value={search.to} earliest={search.from} onChange={(to) => onChange({ to })} />
      {isNarrowed(search) && (
        <Button variant="quiet" onClick={onClear} className="col-span-2 justify-self-start lg:col-span-1">
          Clear
        </Button>
      )}
    </div>
  );
}

interface DayProps {
  label: string;
  value: string | undefined;
  earliest?: string | undefined;
  latest?: string | undefined;
  onChange(day: string | undefined): void;
}

function Day({ label, value, earliest, latest, onChange }: DayProps) {
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
        min={earliest}
        max={latest}
        onChange={(event) => onChange(event.target.value || undefined)}
      />
    </div>
  );
}
