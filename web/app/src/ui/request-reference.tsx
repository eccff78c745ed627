import { cx } from "./cx";

/** The number of the request that failed, by which an administrator finds it in the log. */
export function RequestReference({ id, className }: { id: string | null | undefined; className?: string }) {
  if (!id) return null;
  return (
    <p className={cx("text-muted text-xs", className)}>
      Request <code className="select-all break-all font-mono">{id}</code>
    </p>
  );
}
