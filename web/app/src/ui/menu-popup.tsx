import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import { type ReactElement, type ReactNode, type RefObject, useEffect, useRef } from "react";
import { cx } from "./cx";

/** The components to build the content of a menu. */
export interface MenuParts {
  MenuItem: typeof MenuItem;
  MenuSeparator: typeof MenuSeparator;
  MenuRadioGroup: typeof MenuRadioGroup;
}

const parts: MenuParts = { MenuItem, MenuSeparator, MenuRadioGroup };

interface MenuPopupProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  /** The trigger button. */
  anchor: RefObject<HTMLButtonElement | null>;
  labelledBy: string;
  /** Focuses the first item, for a menu that was opened with the keyboard. */
  byKeyboard: boolean;
  align: "start" | "center" | "end";
  side: "top" | "bottom";
  children(parts: MenuParts): ReactNode;
}

/** The popup of a menu. Loaded separately because Base UI is large. */
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

/** Moves the focus to the first item after the menu has received it. */
function FirstItemFocus() {
  const marker = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      marker.current?.parentElement?.querySelector<HTMLElement>("[role^=menuitem]")?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, []);
  return <span ref={marker} hidden />;
}

const itemClass =
  "flex min-h-8 w-full cursor-default select-none items-center gap-2 rounded-md px-2 py-1 text-left text-sm outline-none pointer-coarse:min-h-10 data-highlighted:bg-hover data-disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted";

interface MenuItemProps {
  icon?: ReactNode;
  /** Disables the item and shows the reason below its label. */
  disabledReason?: string | false | undefined;
  destructive?: boolean;
  /** Renders the item as a link: `render={<Link to="…" />}`. */
  render?: ReactElement;
  onClick?(): void;
  children: ReactNode;
}

function MenuItem({ icon, disabledReason, destructive, render, onClick, children }: MenuItemProps) {
  return (
    <Base.Item
      render={render}
      onClick={onClick}
      disabled={Boolean(disabledReason)}
      className={cx(
        itemClass,
        destructive && "text-danger-text data-highlighted:bg-danger-soft [&_svg]:text-danger-text",
      )}
    >
      {icon}
      <span className="min-w-0">
        <span className="block truncate">{children}</span>
        {disabledReason && <span className="block text-muted text-xs">{disabledReason}</span>}
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

/** A group of mutually exclusive options in a menu. */
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
