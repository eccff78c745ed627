import { Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { iconButtonClass } from "./button";
import { cx } from "./cx";
import { Input } from "./input";

interface SearchFieldProps {
  label: string;
  placeholder: string;
  /** The current search. */
  value: string | undefined;
  onSearch(value: string | undefined): void;
}

/** The debounce delay in milliseconds: longer than the time between keystrokes, but too short to notice. */
const DEBOUNCE = 100;

/** A search field. Searches while typing (debounced) and immediately on Enter. */
export function SearchField({ label, placeholder, value = "", onSearch }: SearchFieldProps) {
  const [typed, setTyped] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** The last search from this field. A different `value` comes from elsewhere, such as the back button. */
  const sent = useRef(value);

  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    clearTimeout(timer.current);
    setTyped(value);
  }, [value]);

  useEffect(() => () => clearTimeout(timer.current), []);

  function send(text: string) {
    clearTimeout(timer.current);
    const query = text.trim();
    if (query === sent.current) return;
    sent.current = query;
    onSearch(query || undefined);
  }

  function type(text: string) {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => send(text), DEBOUNCE);
  }

  function clear() {
    setTyped("");
    send("");
    input.current?.focus();
  }

  return (
    <search className="relative col-span-2 min-w-0 sm:min-w-48 sm:max-w-xs sm:flex-1">
      <Search aria-hidden className="pointer-events-none absolute inset-y-0 left-2.5 my-auto size-4 text-muted" />
      <Input
        ref={input}
        aria-label={label}
        placeholder={placeholder}
        value={typed}
        maxLength={100}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        enterKeyHint="search"
        onChange={(event) => type(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") send(typed);
          if (event.key === "Escape" && typed) clear();
        }}
        className="pr-9 pl-8.5"
      />
      {typed && (
        <button
          type="button"
          aria-label="Clear search"
          onClick={clear}
          className={cx(iconButtonClass("sm"), "absolute inset-y-0 right-0.5 my-auto")}
        >
          <X aria-hidden />
        </button>
      )}
    </search>
  );
}
