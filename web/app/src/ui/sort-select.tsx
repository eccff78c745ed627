import { Select } from "./select";

interface SortSelectProps<Sort extends string> {
  /** The label of each sort order. The first one is the default. */
  options: Readonly<Record<Sort, string>>;
  /** The selected sort order, unless it is the default. */
  value: Sort | undefined;
  onChange(sort: Sort): void;
  /** Results are sorted by relevance, such as during a search. */
  byRelevance?: boolean;
}

/** Selects the sort order of a list. */
export function SortSelect<Sort extends string>({
  options,
  value,
  onChange,
  byRelevance = false,
}: SortSelectProps<Sort>) {
  return (
    <Select
      aria-label="Sort by"
      title={byRelevance ? "Search results are sorted by relevance" : undefined}
      disabled={byRelevance}
      value={byRelevance ? "" : (value ?? Object.keys(options)[0])}
      onChange={({ target }) => onChange(target.value as Sort)}
      className="col-span-2 sm:ml-auto"
    >
      {byRelevance && <option value="">Best match</option>}
      {Object.entries<string>(options).map(([sort, label]) => (
        <option key={sort} value={sort}>
          {label}
        </option>
      ))}
    </Select>
  );
}
