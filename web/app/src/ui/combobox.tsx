import { Combobox } from "@base-ui/react/combobox";
import { ChevronDown, X } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { iconButtonClass } from "./button";
import { cx } from "./cx";
import { useFieldControl } from "./field";
import { controlSize } from "./input";

type ComboboxControlProps = Pick<ComponentProps<"input">, "ref" | "onBlur" | "placeholder">;

/** The input of a combobox, with buttons to clear it and to show the options. It needs a `Field`. */
export function ComboboxControl(props: ComboboxControlProps) {
  const field = useFieldControl();
  return (
    <div className="relative min-w-0">
      <Combobox.Input
        {...field}
        {...props}
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
  );
}

/** The popup of a combobox: its `Combobox.List`, and the state of the search as text. */
export function ComboboxPopup({ status, children }: { status?: ReactNode; children: ReactNode }) {
  return (
    <Combobox.Portal>
      <Combobox.Positioner align="start" sideOffset={4} className="z-50">
        <Combobox.Popup className="float-motion max-h-[min(18rem,var(--available-height))] min-w-(--anchor-width) max-w-[min(24rem,var(--available-width))] overflow-y-auto rounded-md bg-raised p-1 shadow-float">
          <Combobox.Status className="text-muted text-sm">
            {status && <p className="px-2 py-1.5">{status}</p>}
          </Combobox.Status>
          {children}
        </Combobox.Popup>
      </Combobox.Positioner>
    </Combobox.Portal>
  );
}

export const noMatches = "No matches. Try a different search.";

interface ComboboxOptionProps {
  value: unknown;
  /** Secondary text. */
  detail?: string | null | undefined;
  children: ReactNode;
}

export function ComboboxOption({ value, detail, children }: ComboboxOptionProps) {
  return (
    <Combobox.Item
      value={value}
      className="flex min-h-8 cursor-default items-center gap-2 rounded-md px-2 text-sm aria-selected:font-medium data-highlighted:bg-hover pointer-coarse:min-h-10"
    >
      <span className="truncate">{children}</span>
      {detail && <span className="ml-auto truncate pl-2 text-muted">{detail}</span>}
    </Combobox.Item>
  );
}
