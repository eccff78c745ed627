import { Select } from "./select";

interface FilterSelectProps<Value extends string> {
  label: string;
  /** The option without a filter: "Any status". */
  any: string;
  /** The label of each value, in order. */
  options: Readonly<Record<Value, string>>;
  value: Value | undefined;
  onChange(value: Value | undefined): void;
}

/** Filters a list by one of a few values. */
export function FilterSelect<Value extends string>({ label, any, options, value, onChange }: FilterSelectProps<Value>) {
  return (
    <Select
      aria-label={label}
      value={value ?? ""}
      onChange={({ target }) => onChange((target.value || undefined) as Value | undefined)}
    >
      <option value="">{any}</option>
      {Object.entries<string>(options).map(([option, text]) => (
        <option key={option} value={option}>
          {text}
        </option>
      ))}
    </Select>
  );
}

interface BooleanFilterProps {
  label: string;
  any: string;
  /** The labels of `true` and `false`. */
  yes: string;
  no: string;
  value: boolean | undefined;
  onChange(value: boolean | undefined): void;
}

/** Filters a list by yes or no. */
export function BooleanFilter({ yes, no, value, onChange, ...rest }: BooleanFilterProps) {
  return (
    <FilterSelect
      {...rest}
      options={{ true: yes, false: no }}
      value={value === undefined ? undefined : value ? "true" : "false"}
      onChange={(option) => onChange(option === undefined ? undefined : option === "true")}
    />
  );
}
