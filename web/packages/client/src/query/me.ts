import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import type { VestibuleClient } from "../client.js";
import type { InputOf } from "../operation.js";
import { useClient } from "../react/context.js";
import { useInvalidate } from "./invalidate.js";
import { userKeys } from "./user-keys.js";

const all = ["vestibule", "me"] as const;

/** The keys of what is cached about the person who is signed in. */
export const meKeys = { all, me: [...all, "me"] as const, sessions: [...all, "sessions"] as const };

/** The person who is signed in, with permissions and a pending change of the address. */
export const meQuery = (client: VestibuleClient) =>
  queryOptions({ queryKey: meKeys.me, queryFn: ({ signal }) => client.getCurrentUser({ signal }) });

/** The person who is signed in. */
export function useMe() {
  return useQuery(meQuery(useClient()));
}

/** Changes one's own name. */
export function useUpdateMe() {
  const client = useClient();
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: (input: InputOf<"updateCurrentUser">) => client.updateCurrentUser(input),
    onSuccess: () => invalidate(meKeys.me, userKeys.all),
  });
}

/** Changes one's own password, which ends all other sessions. */
export function useChangePassword() {
  const client = useClient();
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: (body: InputOf<"changePassword">["body"]) => client.changePassword({ body }),
    onSuccess: () => invalidate(meKeys.sessions),
  });
}

/** Asks for another address; it takes effect when it is confirmed by the link that is mailed there. */
export function useRequestEmailChange() {
  const client = useClient();
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: (body: InputOf<"requestEmailChange">["body"]) => client.requestEmailChange({ body }),
    onSuccess: () => invalidate(meKeys.me),
  });
}

/** Gives up a change of the address that is pending. */
export function useCancelEmailChange() {
  const client = useClient();
  const invalidate = useInvalidate();
  return useMutation({ mutationFn: () => client.cancelEmailChange(), onSuccess: () => invalidate(meKeys.me) });
}

/** Deletes one's own account, and signs out. */
export function useDeleteMe() {
  const client = useClient();
  return useMutation({
    mutationFn: (body: InputOf<"deleteCurrentUser">["body"]) => client.deleteCurrentUser({ body }),
    onSuccess: () => client.session.signOut(),
  });
}
