import { cx } from "./cx";

/** Up to two letters for a person: of the name, or else of the address. */
export function initials(name: string): string {
  const words = (name.split("@")[0] ?? "").split(/[\s._+-]+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return (
    letters
      .map((word) => [...(word ?? "")][0] ?? "")
      .join("")
      .toLocaleUpperCase() || "?"
  );
}

/** A person's initials. It decorates: the name stands beside it. */
export function Avatar({ name, className }: { name: string; className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cx(
        "inline-flex size-7 shrink-0 select-none items-center justify-center rounded-full bg-accent-soft font-semibold text-accent-text text-xs",
        className,
      )}
    >
      {initials(name)}
    </span>
  );
}
