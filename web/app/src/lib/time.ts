const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** The minimum number of seconds for each unit, largest first. */
const units = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** Formats a time relative to `now` (in milliseconds): "2 hours ago", "in 30 days", "just now". */
export function formatRelative(value: string, now: number): string {
  const seconds = (Date.parse(value) - now) / 1000;
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return "just now";
}

/** Formats a time in the browser's time zone: "24 Nov 2026, 09:30". */
export function formatDateTime(value: string | null): string {
  return value === null ? "" : dateTime.format(new Date(value));
}
