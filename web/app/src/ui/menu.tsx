import {
  type ComponentProps,
  cloneElement,
  type KeyboardEvent,
  lazy,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  Suspense,
  useId,
  useRef,
  useState,
} from "react";
import type { MenuParts } from "./menu-popup";

const loadPopup = () => import("./menu-popup");
const MenuPopup = lazy(loadPopup);

interface MenuProps {
  /** A `<button>` with an accessible name: `<button className={iconButtonClass()} aria-label="Actions for …">`. */
  trigger: ReactElement<ComponentProps<"button">>;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom";
  /** Renders the content from the given components: `{({ MenuItem }) => <MenuItem …>…</MenuItem>}`. */
  children(parts: MenuParts): ReactNode;
}

/**
 * A button that opens a menu of actions. The popup is large, so it is loaded when the button is hovered or focused and
 * does not delay any page.
 */
export function Menu({ trigger, align = "end", side = "bottom", children }: MenuProps) {
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const [state, setState] = useState<{ open: boolean; byKeyboard: boolean }>();

  return (
    <>
      {cloneElement(trigger, {
        ref: button,
        id,
        "aria-haspopup": "menu",
        "aria-expanded": state?.open ?? false,
        ...(state?.open && { "data-popup-open": "" }),
        onPointerEnter: loadPopup,
        onFocus: loadPopup,
        // `detail` is 0 for clicks from the keyboard.
        onClick: (event: MouseEvent) => setState({ open: true, byKeyboard: event.detail === 0 }),
        onKeyDown(event: KeyboardEvent) {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          setState({ open: true, byKeyboard: true });
        },
      })}
      {state && (
        <Suspense>
          <MenuPopup
            open={state.open}
            onOpenChange={(open) => setState({ ...state, open })}
            anchor={button}
            labelledBy={id}
            byKeyboard={state.byKeyboard}
            align={align}
            side={side}
          >
            {children}
          </MenuPopup>
        </Suspense>
      )}
    </>
  );
}
