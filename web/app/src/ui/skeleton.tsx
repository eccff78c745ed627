import { cx } from "./cx";

/** A gray placeholder for loading text. Set its size with `className`. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cx("block h-3 animate-pulse rounded-sm bg-line motion-reduce:animate-none", className)}
    />
  );
}
