import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import type { VestibuleClient } from "../client.js";
import { useClient } from "../react/context.js";
import { auditKeys } from "./audit.js";
import { useInvalidate } from "./invalidate.js";
import { pagesQuery } from "./list.js";
import { meKeys } from "./me.js";
import { userKeys } from "./user-keys.js";

/** Sessions of a page: an account has at most 100, so one page usually holds all of them. */
const limit = 100;

/** The current user's sessions page by page, the newest first. */
export const mySessionsQuery = (client: VestibuleClient) =>
  pagesQuery(meKeys.sessions, (position) => client.listOwnSessions({ limit, ...position }));

/** The sessions of a user page by page, the newest first. */
export const sessionsQuery = (client: VestibuleClient, user_id: string) =>
  pagesQuery(userKeys.sessions(user_id), (position) => client.listUserSessions({ user_id, limit, ...position }));

/**
 * The current user's sessions page by page: `fetchNextPage` loads older ones, `itemsOf(data)` is all that has been
 * loaded.
 */
export function useMySessions() {
  return useInfiniteQuery(mySessionsQuery(useClient()));
}

/** The sessions of a user page by page: `fetchNextPage` loads older ones, `itemsOf(data)` is all that has been loaded. */
export function useSessions(user_id: string) {
  return useInfiniteQuery(sessionsQuery(useClient(), user_id));
}

/** Ends one of one's own sessions. */
export function useEndMySession() {
  const client = useClient();
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: (session_id: string) => client.deleteOwnSession({ session_id }),
    onSettled: () => invalidate(meKeys.sessions),
  });
}

/** Ends all of one's own sessions but this one. */
export function useEndMyOtherSessions() {
  const client = useClient();
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: () => client.deleteOtherSessions(),
    onSettled: () => invalidate(meKeys.sessions),
  });
}

/** Ends all sessions of a user. */
export function useEndSessions() {
  const client = useClient();
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: (user_id: string) => client.deleteUserSessions({ user_id }),
    onSettled: (_nothing, _error, user_id) => invalidate(userKeys.sessions(user_id), auditKeys.all),
  });
}
