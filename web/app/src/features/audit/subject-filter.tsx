import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { usePermissions } from "../../lib/session";
import { Field } from "../../ui/field";
import { Input } from "../../ui/input";
import { findSubject } from "./find-subject";
import type { Names } from "./use-names";

interface SubjectFilterProps {
  label: string;
  placeholder: string;
  /** The id that is asked for. */
  value: string | undefined;
  names: Names;
  onChange(id: string | undefined): void;
}

/** A filter by one user or role: an address, a name or an id is typed, Enter or leaving the field takes it. */
export function SubjectFilter({ label, placeholder, value, names, onChange }: SubjectFilterProps) {
  const shown = value ? (names.get(value) ?? value) : "";
  const [text, setText] = useState(shown);
  const [problem, setProblem] = useState<string>();
  const maySearch = usePermissions()("users:read");
  const listId = useId();

  // The filter was set or cleared elsewhere, or its name has become known.
  useEffect(() => {
    setText(shown);
    setProblem(undefined);
  }, [shown]);

  async function take(typed: string) {
    if (typed.trim() === shown) return setProblem(undefined);
    const found = await findSubject(typed.trim(), names, maySearch);
    setProblem(found.problem);
    if (!found.problem && found.id !== value) onChange(found.id);
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key === "Enter") void take(text);
    if (event.key === "Escape" && text !== shown) setText(shown);
  }

  return (
    <Field label={label} optional hideLabel error={problem} className="min-w-0">
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
          // Emptied by its own cross.
          if (event.target.value === "" && value) onChange(undefined);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => void take(text)}
      />
      <datalist id={listId}>
        {[...new Set(names.values())].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </Field>
  );
}
