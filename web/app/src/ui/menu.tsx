import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { cx } from "./cx";

interface MenuProps {
  /** A `<button>` with an accessible name: `<button className={iconButtonClass()} aria-label="Actions for …">`. */
  trigger: ReactElement;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom";
  children: ReactNode;
}

/** A menu of actions. Fill it with `MenuItem`, `MenuSeparator`, `MenuRadioGroup`. */
export function Menu({ trigger, align = "end", side = "bottom", children }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} side={side} sideOffset={6} className="z-50">
          <Base.Popup className="float-motion max-h-(--available-height) min-w-44 max-w-[min(20rem,calc(100vw-1rem))] origin-(--transform-origin) overflow-y-auto rounded-lg bg-raised p-1 shadow-float outline-none">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

const itemClass =
  "flex min-h-8 w-full cursor-default select-none items-center gap-2 rounded-md px-2 py-1 text-left text-sm outline-none pointer-coarse:min-h-10 data-highlighted:bg-hover data-disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted";

interface MenuItemProps {
  icon?: ReactNode;
  /** Why it cannot be chosen now, shown under its text; it is disabled by it. */
  disabledBecause?: string | false | undefined;
  destructive?: boolean;
  /** Turns the item into a link: `render={<Link to="…" />}`. */
  render?: ReactElement;
  onClick?(): void;
  children: ReactNode;
}

export function MenuItem({ icon, disabledBecause, destructive, render, onClick, children }: MenuItemProps) {
  return (
    <Base.Item
      render={render}
      onClick={onClick}
      disabled={Boolean(disabledBecause)}
      className={cx(
        itemClass,
        destructive && "text-danger-text data-highlighted:bg-danger-soft [&_svg]:text-danger-text",
      )}
    >
      {icon}
      <span className="min-w-0">
        <span className="block truncate">{children}</span>
        {disabledBecause && <span className="block text-muted text-xs">{disabledBecause}</span>}
      </span>
    </Base.Item>
  );
}

export function MenuSeparator() {
  return <Base.Separator className="-mx-1 my-1 h-px bg-line" />;
}

interface MenuRadioGroupProps<Value extends string> {
  label: string;
  value: Value;
  onChange(value: Value): void;
  options: readonly { value: Value; label: string; icon?: ReactNode }[];
}

/** A choice of one inside a menu. */
export function MenuRadioGroup<Value extends string>({ label, value, onChange, options }: MenuRadioGroupProps<Value>) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-2 pt-1.5 pb-1 font-medium text-muted text-xs">{label}</Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={onChange}>
        {options.map((option) => (
          <Base.RadioItem key={option.value} value={option.value} className={itemClass}>
            {option.icon}
            <span className="min-w-0 flex-1 truncate">{option.label}</span>
            <Base.RadioItemIndicator>
              <Check aria-hidden />
            </Base.RadioItemIndicator>
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  );
}
