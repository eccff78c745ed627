import { Combobox } from "@base-ui/react/combobox";
import { type ComponentProps, useState } from "react";
import { describeError } from "../lib/errors";
import type { Reference } from "../lib/resources";
import { type ReferenceKind, useReadableKinds, useReference, useReferenceSearch } from "../lib/use-references";
import { ComboboxControl, ComboboxOption, ComboboxPopup, noMatches } from "./combobox";
import { Input } from "./input";

interface ReferenceInputProps extends Pick<ComponentProps<"input">, "ref" | "onBlur" | "placeholder"> {
  kind: ReferenceKind;
  /** The ID of the selected resource, or empty text. */
  value: string;
  onChange(id: string): void;
  /** The names of references that need not be loaded, by ID. */
  known?: ReadonlyMap<string, string>;
}

/**
 * Selects a resource by its name, which it searches for on the server. The value is the ID. Without the permission to read
 * the resources it accepts an ID. It needs a `Field`.
 */
export function ReferenceInput({ onChange, ...props }: ReferenceInputProps) {
  const canRead = useReadableKinds(props.kind).length > 0;
  if (canRead) return <ReferenceCombobox {...props} onChange={onChange} />;
  const { kind: _kind, known: _known, ...rest } = props;
  return (
    <Input
      {...rest}
      placeholder="ID"
      autoComplete="off"
      spellCheck={false}
      onChange={({ target }) => onChange(target.value)}
      className="font-mono"
    />
  );
}

function ReferenceCombobox({ kind, value, onChange, known, ref, onBlur, placeholder }: ReferenceInputProps) {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const results = useReferenceSearch(kind, typed, open);
  const { reference, remember } = useReference(kind, value, known);

  function select(selected: Reference | null) {
    if (selected) remember(selected);
    onChange(selected?.id ?? "");
  }

  return (
    <Combobox.Root
      items={results.data ?? []}
      filter={null}
      autoHighlight
      open={open}
      onOpenChange={setOpen}
      value={reference}
      onValueChange={select}
      onInputValueChange={(text, { reason }) => setTyped(reason === "input-change" ? text : "")}
      itemToStringLabel={(item) => item.name}
      isItemEqualToValue={(item, selected) => item.id === selected.id}
    >
      <ComboboxControl ref={ref} onBlur={onBlur} placeholder={placeholder} />
      <ComboboxPopup status={statusText(results)}>
        <Combobox.List>
          {(item: Reference) => (
            <ComboboxOption key={item.id} value={item} detail={item.detail}>
              {item.name}
            </ComboboxOption>
          )}
        </Combobox.List>
      </ComboboxPopup>
    </Combobox.Root>
  );
}

/** Describes the state of the search, unless there are results. */
function statusText({ data, error, searching }: ReturnType<typeof useReferenceSearch>): string | null {
  if (error) return describeError(error).detail;
  if (data?.length) return null;
  return searching ? "Searching…" : noMatches;
}
