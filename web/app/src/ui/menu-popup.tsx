import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import { type ReactElement, type ReactNode, type RefObject, useEffect, useRef } from "react";
import { cx } from "./cx";

/** What a menu is filled with. */
export interface MenuParts {
  MenuItem: typeof MenuItem;
  MenuSeparator: typeof MenuSeparator;
  MenuRadioGroup: typeof MenuRadioGroup;
}

const parts: MenuParts = { MenuItem, MenuSeparator, MenuRadioGroup };

interface MenuPopupProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  /** The button that it belongs to. */
  anchor: RefObject<HTMLButtonElement | null>;
  labelledBy: string;
  /** Who opened it with the keyboard is on its first item at once. */
  byKeyboard: boolean;
  align: "start" | "center" | "end";
  side: "top" | "bottom";
  children(parts: MenuParts): ReactNode;
}

/** What opens at a menu's button: loaded by itself, because it is large. */
export default function MenuPopup(props: MenuPopupProps) {
  const { open, onOpenChange, anchor, labelledBy, byKeyboard, align, side, children } = props;
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Positioner anchor={anchor} align={align} side={side} sideOffset={6} className="z-50">
          <Base.Popup
            aria-labelledby={labelledBy}
            finalFocus={anchor}
            className="float-motion max-h-(--available-height) min-w-44 max-w-[min(20rem,calc(100vw-1rem))] origin-(--transform-origin) overflow-y-auto rounded-lg bg-raised p-1 shadow-float outline-none"
          >
            {byKeyboard && <FirstItemFocus />}
            {children(parts)}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** Moves to the first item once the menu has taken the focus. */
function FirstItemFocus() {
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      place.current?.parentElement?.querySelector<HTMLElement>("[role^=menuitem]")?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, []);
  return <span ref={place} hidden />;
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

function MenuItem({ icon, disabledBecause, destructive, render, onClick, children }: MenuItemProps) {
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

function MenuSeparator() {
  return <Base.Separator className="-mx-1 my-1 h-px bg-line" />;
}

interface MenuRadioGroupProps<Value extends string> {
  label: string;
  value: Value;
  onChange(value: Value): void;
  options: readonly { value: Value; label: string; icon?: ReactNode }[];
}

/** A choice of one inside a menu. */
function MenuRadioGroup<Value extends string>({ label, value, onChange, options }: MenuRadioGroupProps<Value>) {
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
