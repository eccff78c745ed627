"use client";

import { queryOptions, useMutation } from "@tanstack/react-query";
import type { VestibuleClient } from "../client.js";
import type { InputOf } from "../operations.js";
import { useClient } from "../react/context.js";
import { useInvalidate } from "./cache.js";
import { userKeys } from "./user-keys.js";

const all = ["vestibule", "me"] as const;

/** The query keys of the current user. */
export const meKeys = {
  all,
  me: [...all, "me"] as const,
  sessions: [...all, "sessions"] as const,
  factors: [...all, "factors"] as const,
};

/** Query options for the current user, with permissions and the pending email change. */
export const meQuery = (client: VestibuleClient) =>
  queryOptions({ queryKey: meKeys.me, queryFn: ({ signal }) => client.getCurrentUser({ signal }) });

/** Updates the display name of the current user. */
export function useUpdateMe() {
  const client = useClient();
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: (input: InputOf<"updateCurrentUser">) => client.updateCurrentUser(input),
    onSuccess: () => invalidate(meKeys.me, userKeys.all),
  });
}

/** Changes the current user's password. The server revokes all other sessions. */
export function useChangePassword() {
  const client = useClient();
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: (input: InputOf<"changePassword">) => client.changePassword(input),
    onSuccess: () => invalidate(meKeys.sessions, meKeys.factors),
  });
}

/** Requests an email change. It takes effect when the user opens the confirmation link sent to the new email. */
export function useRequestEmailChange() {
  const client = useClient();
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: (input: InputOf<"requestEmailChange">) => client.requestEmailChange(input),
    onSuccess: () => invalidate(meKeys.me),
  });
}

/** Cancels the pending email change. */
export function useCancelEmailChange() {
  const client = useClient();
  const invalidate = useInvalidate();
  return useMutation({ mutationFn: () => client.cancelEmailChange(), onSuccess: () => invalidate(meKeys.me) });
}

/** Deletes the current account permanently and signs out. */
export function useDeleteMe() {
  const client = useClient();
  return useMutation({
    mutationFn: (input: InputOf<"deleteCurrentUser">) => client.deleteCurrentUser(input),
    onSuccess: () => client.session.signOut(),
  });
}
