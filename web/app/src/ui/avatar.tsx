import { getInitials } from "../lib/display-name";
import { cx } from "./cx";

/** A user's initials. Decorative: always shown next to the name. */
export function Avatar({ name, className }: { name: string; className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cx(
        "inline-flex size-7 shrink-0 select-none items-center justify-center rounded-full bg-accent-soft font-semibold text-accent-text text-xs",
        className,
      )}
    >
      {getInitials(name)}
    </span>
  );
}
