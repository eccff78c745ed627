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
  /** Fills it, with the parts that a menu has: `{({ MenuItem }) => <MenuItem …>…</MenuItem>}`. */
  children(parts: MenuParts): ReactNode;
}

/**
 * A button with a menu of actions. All but the button is large, so it is loaded when somebody is about to press it:
 * no page waits for it.
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
        // A click that no pointer made has no detail.
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
