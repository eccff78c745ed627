import { queryOptions } from "@tanstack/react-query";
import { client } from "../../lib/session";

export const accountKeys = {
  sessions: ["account", "sessions"] as const,
};

/** One's own sessions, the one used last first, after this device's. */
export const mySessionsQuery = queryOptions({
  queryKey: accountKeys.sessions,
  queryFn: async ({ signal }) => {
    const sessions = await client.listMySessions({ signal });
    return sessions.toSorted(
      (a, b) => Number(b.current) - Number(a.current) || b.last_used_at.localeCompare(a.last_used_at),
    );
  },
});
