import { formatNumber } from "../../lib/format";
/** Formats a number of users: "1 user", "12,000 users". */
export function formatUsers(count: number): string {
  return count === 1 ? "1 user" : `${formatNumber(count)} users`;
}
