import { cx } from "./cx";

/** The ID of a failed request, which identifies it in the server's log. */
export function RequestId({ id, className }: { id: string | null | undefined; className?: string }) {
  if (!id) return null;
  return (
    <p className={cx("text-muted text-xs", className)}>
      Request ID: <code className="select-all wrap-anywhere font-mono">{id}</code>
    </p>
  );
}
