"use client";

import { type FocusEvent, type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useTexts } from "./context.js";
import { SignedIn } from "./guards.js";
import type { Texts } from "./texts.js";
import { useSession } from "./use-session.js";

/** The properties of `UserMenu`. */
export interface UserMenuProps {
  /** Entries above the sign-out, such as `<a href="/account">Account</a>`. */
  children?: ReactNode;
  /** Called after the user has signed out with the menu. */
  onSignedOut?: () => void;
  /**
   * The side of the button that the list is aligned with. Use `start` if the menu is at the left of the page.
   * @defaultValue "end"
   */
  align?: "start" | "end";
  texts?: Partial<Texts>;
  className?: string;
}

/** A button with the name of the current user, which opens a list with the sign-out. Renders nothing if signed out. */
export function UserMenu(props: UserMenuProps) {
  return <SignedIn>{(user) => <Menu {...props} name={user.display_name ?? user.email} email={user.email} />}</SignedIn>;
}

function Menu(props: UserMenuProps & { name: string; email: string }) {
  const { name, email, children, onSignedOut, align = "end", texts: ownTexts, className = "" } = props;
  const { signOut } = useSession();
  const texts = useTexts(ownTexts);
  const [open, setOpen] = useState(false);
  const container = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    const closeIfOutside = ({ target }: Event) => {
      if (!container.current?.contains(target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", closeIfOutside);
    return () => document.removeEventListener("pointerdown", closeIfOutside);
  }, [open]);

  function closeOnEscape({ key }: KeyboardEvent) {
    if (key !== "Escape" || !open) return;
    setOpen(false);
    button.current?.focus();
  }

  function closeIfFocusLeft({ relatedTarget }: FocusEvent) {
    if (relatedTarget && !container.current?.contains(relatedTarget)) setOpen(false);
  }

  async function signOutHere() {
    setOpen(false);
    await signOut();
    onSignedOut?.();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the events bubble from the button and the entries
    <div
      ref={container}
      className={`vestibule vestibule-user-menu ${className}`}
      onKeyDown={closeOnEscape}
      onBlur={closeIfFocusLeft}
    >
      <button
        ref={button}
        type="button"
        className="vestibule-user-button"
        aria-label={texts.userMenu(name)}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <span className="vestibule-avatar" aria-hidden="true">
          {initials(name)}
        </span>
        <span className="vestibule-user-name">{name}</span>
      </button>
      <div id={id} className={`vestibule-popup vestibule-popup-${align}`} hidden={!open}>
        {name !== email && <p className="vestibule-user-email">{email}</p>}
        {children}
        <button type="button" className="vestibule-entry" onClick={signOutHere}>
          {texts.signOut}
        </button>
      </div>
    </div>
  );
}

/** Returns up to two initials of a name or an email address. */
function initials(name: string): string {
  const words = (name.split("@")[0] ?? "").split(/[\s._+-]+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => [...(word ?? "")][0]?.toLocaleUpperCase() ?? "").join("");
}
