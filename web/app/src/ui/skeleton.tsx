import { cx } from "./cx";

/** A grey bar in the place of text that is on its way. Size it with `className`. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cx("block h-3 animate-pulse rounded-sm bg-line motion-reduce:animate-none", className)}
    />
  );
}
