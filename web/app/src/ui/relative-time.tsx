import { useEffect, useState } from "react";
import { formatDateTime, formatRelative } from "../lib/time";

/** A time like "3 minutes ago", updated regularly. The tooltip and the `datetime` attribute have the exact time. */
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

/** Returns the time in milliseconds and updates it every `interval` milliseconds while the page is visible. */
function useNow(interval: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setNow(Date.now());
    }, interval);
    return () => clearInterval(timer);
  }, [interval]);
  return now;
}
