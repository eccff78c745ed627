import { Combobox } from "@base-ui/react/combobox";
import { ChevronDown, X } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { describeError } from "../lib/errors";
import type { Reference } from "../lib/resources";
import { type ReferenceKind, useReadableKinds, useReference, useReferenceSearch } from "../lib/use-references";
import { iconButtonClass } from "./button";
import { cx } from "./cx";
import { useFieldControl } from "./field";
import { controlSize, Input } from "./input";

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
  const field = useFieldControl();
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
      <div className="relative min-w-0">
        <Combobox.Input
          {...field}
          ref={ref}
          onBlur={onBlur}
          placeholder={placeholder}
          autoCapitalize="none"
          spellCheck={false}
          className={cx("control w-full min-w-0 truncate pr-15 pl-2.5", controlSize)}
        />
        <span className="absolute inset-y-0 right-0.5 flex items-center">
          <Combobox.Clear aria-label="Clear" className={iconButtonClass("sm")}>
            <X aria-hidden />
          </Combobox.Clear>
          <Combobox.Trigger aria-label="Show options" tabIndex={-1} className={iconButtonClass("sm")}>
            <ChevronDown aria-hidden />
          </Combobox.Trigger>
        </span>
      </div>
      <Combobox.Portal>
        <Combobox.Positioner sideOffset={4} className="z-50">
          <Combobox.Popup className="float-motion max-h-[min(18rem,var(--available-height))] w-(--anchor-width) min-w-48 overflow-y-auto rounded-md bg-raised p-1 shadow-float">
            <Combobox.Status className="text-muted text-sm">
              <StatusText error={results.error} searching={results.searching} count={results.data?.length} />
            </Combobox.Status>
            <Combobox.List>
              {(item: Reference) => (
                <Combobox.Item
                  key={item.id}
                  value={item}
                  className="flex min-h-8 cursor-default items-center gap-2 rounded-md px-2 text-sm aria-selected:font-medium data-highlighted:bg-hover"
                >
                  <span className="truncate">{item.name}</span>
                  {item.detail && <span className="ml-auto truncate pl-2 text-muted">{item.detail}</span>}
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  );
}

interface StatusTextProps {
  error: unknown;
  searching: boolean;
  count: number | undefined;
}

/** Announces the state of the search, unless there are results. */
function StatusText({ error, searching, count }: StatusTextProps) {
  if (count && !error) return null;
  const text = error ? describeError(error).detail : searching ? "Searching…" : "No matches. Try a different search.";
  return <p className="px-2 py-1.5">{text}</p>;
}
