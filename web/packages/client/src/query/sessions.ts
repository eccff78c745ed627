import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import type { VestibuleClient } from "../client.js";
import { useClient } from "../react/context.js";
import { auditKeys } from "./audit.js";
import { useInvalidate } from "./invalidate.js";
import { meKeys } from "./me.js";
import { userKeys } from "./user-keys.js";

/** One's own sessions. */
export const mySessionsQuery = (client: VestibuleClient) =>
  queryOptions({ queryKey: meKeys.sessions, queryFn: ({ signal }) => client.listMySessions({ signal }) });

/** The sessions of a user. */
export const sessionsQuery = (client: VestibuleClient, user_id: string) =>
  queryOptions({
    queryKey: userKeys.sessions(user_id),
    queryFn: ({ signal }) => client.listSessions({ user_id, signal }),
  });

/** One's own sessions. */
export function useMySessions() {
  return useQuery(mySessionsQuery(useClient()));
}

/** The sessions of a user. */
export function useSessions(user_id: string) {
  return useQuery(sessionsQuery(useClient(), user_id));
}

/** Ends one of one's own sessions. */
export function useEndMySession() {
  const client = useClient();
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: (session_id: string) => client.endMySession({ session_id }),
    onSettled: () => invalidate(meKeys.sessions),
  });
}

/** Ends all of one's own sessions but this one. */
export function useEndMyOtherSessions() {
  const client = useClient();
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: () => client.endMyOtherSessions(),
    onSettled: () => invalidate(meKeys.sessions),
  });
}

/** Ends all sessions of a user. */
export function useEndSessions() {
  const client = useClient();
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: (user_id: string) => client.endSessions({ user_id }),
    onSettled: (_nothing, _error, user_id) => invalidate(userKeys.sessions(user_id), auditKeys.all),
  });
}
