import { formatDateTime, formatRelative } from "../lib/time";
import { useNow } from "../lib/use-now";

/** "3 minutes ago", kept up to date; the exact time in a tooltip and for machines. */
export function RelativeTime({ value }: { value: string }) {
  const now = useNow(30_000);
  return (
    <time dateTime={value} title={formatDateTime(value)} className="whitespace-nowrap">
      {formatRelative(value, now)}
    </time>
  );
}

/** The exact local time. */
export function DateTime({ value }: { value: string }) {
  return (
    <time dateTime={value} className="whitespace-nowrap">
      {formatDateTime(value)}
    </time>
  );
}
