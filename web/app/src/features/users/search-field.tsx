import { Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { iconButtonClass } from "../../ui/button";
import { cx } from "../../ui/cx";
import { Input } from "../../ui/input";

interface SearchFieldProps {
  label: string;
  placeholder: string;
  /** What is searched for now. */
  value: string;
  onSearch(value: string): void;
  className?: string;
}

/** Long enough to be typing still, short enough not to be noticed. */
const PAUSE = 100;

/** A field that searches as one types, and at once on Enter. */
export function SearchField({ label, placeholder, value, onSearch, className }: SearchFieldProps) {
  const [typed, setTyped] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** What was searched for from here last; any other value came from elsewhere, such as a way back. */
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
    const wanted = text.trim();
    if (wanted === sent.current) return;
    sent.current = wanted;
    onSearch(wanted);
  }

  function type(text: string) {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => send(text), PAUSE);
  }

  function clear() {
    setTyped("");
    send("");
    input.current?.focus();
  }

  return (
    <search className={cx("relative min-w-0", className)}>
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
