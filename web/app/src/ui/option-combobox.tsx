import { Combobox } from "@base-ui/react/combobox";
import { ComboboxControl, ComboboxOption, ComboboxPopup, noMatches } from "./combobox";

/** Options with a common heading. */
export interface OptionGroup {
  label: string;
  options: readonly Option[];
}

interface Option {
  value: string;
  label: string;
}

interface OptionComboboxProps {
  groups: readonly OptionGroup[];
  /** The selected value; it need not be one of the options. */
  value: string | undefined;
  onChange(value: string | undefined): void;
  placeholder: string;
}

/** Selects one of many options, which are searched by their label. It needs a `Field`. */
export function OptionCombobox({ groups, value, onChange, placeholder }: OptionComboboxProps) {
  const items = groups.map(({ label, options }) => ({ value: label, items: options }));
  const known = groups.flatMap(({ options }) => options).find((option) => option.value === value);
  const selected = value === undefined ? null : (known ?? { value, label: value });

  return (
    <Combobox.Root
      items={items}
      autoHighlight
      value={selected}
      onValueChange={(option: Option | null) => onChange(option?.value)}
      isItemEqualToValue={(option: Option | null, other: Option | null) => option?.value === other?.value}
    >
      <ComboboxControl placeholder={placeholder} />
      <ComboboxPopup>
        <Combobox.Empty className="text-muted text-sm">
          <p className="px-2 py-1.5">{noMatches}</p>
        </Combobox.Empty>
        <Combobox.List>
          {(group: (typeof items)[number]) => (
            <Combobox.Group key={group.value} items={group.items} className="not-first:mt-1.5">
              <Combobox.GroupLabel className="px-2 py-1 font-medium text-muted text-xs">
                {group.value}
              </Combobox.GroupLabel>
              <Combobox.Collection>
                {(option: Option) => (
                  <ComboboxOption key={option.value} value={option}>
                    {option.label}
                  </ComboboxOption>
                )}
              </Combobox.Collection>
            </Combobox.Group>
          )}
        </Combobox.List>
      </ComboboxPopup>
    </Combobox.Root>
  );
}
