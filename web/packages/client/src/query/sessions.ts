"use client";

import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import type { VestibuleClient } from "../client.js";
import type { InputOf } from "../operations.js";
import { useClient } from "../react/context.js";
import { meKeys } from "./account.js";
import { auditKeys } from "./audit.js";
import { useInvalidate } from "./cache.js";
import { infiniteListQuery } from "./pagination.js";
import { userKeys } from "./user-keys.js";

/** The page size, which is the maximum number of sessions of an account. */
const limit = 100;

/** Query options for the current user's sessions, newest first, page by page. */
export const mySessionsQuery = (client: VestibuleClient) =>
  infiniteListQuery(meKeys.sessions, (position) => client.listOwnSessions({ limit, ...position }));

/** Query options for the sessions of a user, newest first, page by page. */
export const sessionsQuery = (client: VestibuleClient, user_id: string) =>
  infiniteListQuery(userKeys.sessions(user_id), (position) => client.listUserSessions({ user_id, limit, ...position }));

/** Loads the current user's sessions: `fetchNextPage` loads older ones, `itemsOf(data)` has the loaded ones. */
export function useMySessions() {
  return useInfiniteQuery(mySessionsQuery(useClient()));
}

/** Loads the sessions of a user: `fetchNextPage` loads older ones, `itemsOf(data)` has the loaded ones. */
export function useSessions(user_id: string) {
  return useInfiniteQuery(sessionsQuery(useClient(), user_id));
}

/** Revokes one of the current user's sessions. */
export function useRevokeMySession() {
  const client = useClient();
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: (input: InputOf<"deleteOwnSession">) => client.deleteOwnSession(input),
    onSettled: () => invalidate(meKeys.sessions),
  });
}

/** Revokes all of the current user's sessions except this one. */
export function useRevokeMyOtherSessions() {
  const client = useClient();
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: () => client.deleteOtherSessions(),
    onSettled: () => invalidate(meKeys.sessions),
  });
}

/** Revokes all sessions of a user. */
export function useRevokeSessions() {
  const client = useClient();
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: (input: InputOf<"deleteUserSessions">) => client.deleteUserSessions(input),
    onSettled: (_result, _error, { user_id }) => invalidate(userKeys.sessions(user_id), auditKeys.all),
  });
}
