const number = new Intl.NumberFormat();
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });

/** Formats an integer: "12,000". */
export function formatNumber(value: number | null): string {
  return value === null ? "" : number.format(value);
}

/** Formats a boolean: "Yes". */
export function formatBoolean(value: boolean | null): string {
  return value === null ? "" : value ? "Yes" : "No";
}

/** Formats a day, such as `2026-11-24`. */
export function formatDate(value: string | null): string {
  return value === null ? "" : day.format(new Date(value));
}
