import type { ReferenceKind } from "../lib/use-references";
import { useReadableKinds } from "../lib/use-references";
import { isUuid } from "../lib/uuid";
import { Field } from "./field";
import { Input } from "./input";
import { ReferenceInput } from "./reference-input";

interface ReferenceFilterProps {
  label: string;
  /** The placeholder without a filter: "Any owner". */
  any: string;
  kind: ReferenceKind;
  /** The ID of the selected resource. */
  value: string | undefined;
  onChange(id: string | undefined): void;
  /** The names of references that need not be loaded, by ID. */
  known?: ReadonlyMap<string, string>;
}

/** Filters a list by another resource. Without the permission to read it, accepts an ID. */
export function ReferenceFilter({ label, any, kind, value = "", onChange, known }: ReferenceFilterProps) {
  const canRead = useReadableKinds(kind).length > 0;
  return (
    <Field label={label} optional hideLabel className="sm:w-44">
      {canRead ? (
        <ReferenceInput
          kind={kind}
          value={value}
          placeholder={any}
          known={known}
          onChange={(id) => onChange(id || undefined)}
        />
      ) : (
        <Input
          key={value}
          defaultValue={value}
          placeholder={any}
          title="Enter an ID"
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => {
            const id = target.value.trim();
            if (id === "" || isUuid(id)) onChange(id || undefined);
          }}
        />
      )}
    </Field>
  );
}
