import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { useCan } from "../../lib/session";
import { Field } from "../../ui/field";
import { Input } from "../../ui/input";
import { findEntity } from "./find-entity";
import type { EntityNames } from "./use-entity-names";

interface EntityFilterProps {
  label: string;
  placeholder: string;
  /** The ID of the selected entity. */
  value: string | undefined;
  names: EntityNames;
  onChange(id: string | undefined): void;
}

/** Filters by one user or role. Accepts an email, name or ID and applies it on Enter or blur. */
export function EntityFilter({ label, placeholder, value, names, onChange }: EntityFilterProps) {
  const shown = value ? (names.get(value) ?? value) : "";
  const [text, setText] = useState(shown);
  const [error, setError] = useState<string>();
  const canSearch = useCan()("users:read");
  const listId = useId();

  // Resets the input after the filter was changed elsewhere or the name was loaded.
  useEffect(() => {
    setText(shown);
    setError(undefined);
  }, [shown]);

  async function apply(input: string) {
    if (input.trim() === shown) return setError(undefined);
    const found = await findEntity(input.trim(), names, canSearch);
    setError(found.error);
    if (!found.error && found.id !== value) onChange(found.id);
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key === "Enter") void apply(text);
    if (event.key === "Escape" && text !== shown) setText(shown);
  }

  return (
    <Field label={label} optional hideLabel error={error} className="min-w-0">
      <Input
        type="search"
        list={listId}
        value={text}
        placeholder={placeholder}
        title={value}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => {
          setText(event.target.value);
          // The user pressed the clear button of the search input.
          if (event.target.value === "" && value) onChange(undefined);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => void apply(text)}
      />
      <datalist id={listId}>
        {[...new Set(names.values())].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </Field>
  );
}
