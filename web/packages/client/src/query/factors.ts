"use client";

import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { VestibuleClient } from "../client.js";
import type { InputOf } from "../operations.js";
import type { AddPasskeyOptions } from "../passkeys/registration.js";
import { signalAcceptedPasskeys, signalUnknownPasskey } from "../passkeys/signals.js";
import { useClient } from "../react/context.js";
import { meKeys, meQuery } from "./account.js";
import { auditKeys } from "./audit.js";
import { useInvalidate } from "./cache.js";
import { userKeys } from "./user-keys.js";

/** Query options for the current user's password, authenticator app, recovery codes and passkeys. */
export const factorsQuery = (client: VestibuleClient) =>
  queryOptions({ queryKey: meKeys.factors, queryFn: ({ signal }) => client.getOwnFactors({ signal }) });

/** Query options for the factors of a user. */
export const userFactorsQuery = (client: VestibuleClient, user_id: string) =>
  queryOptions({
    queryKey: userKeys.factors(user_id),
    queryFn: ({ signal }) => client.getUserFactors({ user_id, signal }),
  });

/** Loads the current user's password, authenticator app, recovery codes and passkeys. */
export function useFactors() {
  return useQuery(factorsQuery(useClient()));
}

/** Loads the factors of a user. */
export function useUserFactors(user_id: string) {
  return useQuery(userFactorsQuery(useClient(), user_id));
}

/** Creates the secret of an authenticator app. It takes effect when `useConfirmTotp` has confirmed it. */
export function useCreateTotp() {
  const client = useClient();
  return useMutation({ mutationFn: () => client.createTotp() });
}

/** Confirms the authenticator app with a code. With the first factor, the result has recovery codes to show once. */
export function useConfirmTotp() {
  const client = useClient();
  const onSuccess = useReloadFactors();
  return useMutation({ mutationFn: (input: InputOf<"confirmTotp">) => client.confirmTotp(input), onSuccess });
}

/** Removes the authenticator app. */
export function useDeleteTotp() {
  const client = useClient();
  const onSuccess = useReloadFactors();
  return useMutation({ mutationFn: () => client.deleteTotp(), onSuccess });
}

/** Replaces the recovery codes. The result has the new ones to show once. */
export function useReplaceRecoveryCodes() {
  const client = useClient();
  const onSuccess = useReloadFactors();
  return useMutation({ mutationFn: () => client.replaceRecoveryCodes(), onSuccess });
}

/** Creates a passkey in the browser and adds it. With the first factor, the result has recovery codes to show once. */
export function useAddPasskey() {
  const client = useClient();
  const onSuccess = useReloadFactors();
  return useMutation({
    mutationFn: async (options: AddPasskeyOptions | undefined) => {
      const { addPasskey } = await import("../passkeys/index.js");
      return addPasskey(client, options);
    },
    onSuccess,
  });
}

/** Renames a passkey. */
export function useUpdatePasskey() {
  const client = useClient();
  const onSuccess = useReloadFactors();
  return useMutation({ mutationFn: (input: InputOf<"updatePasskey">) => client.updatePasskey(input), onSuccess });
}

/** Removes a passkey, also from the password manager if the browser supports it. */
export function useDeletePasskey() {
  const client = useClient();
  const queryClient = useQueryClient();
  const reload = useReloadFactors();
  return useMutation({
    mutationFn: (input: InputOf<"deletePasskey">) => client.deletePasskey(input),
    async onSuccess(_result, { passkey_id }) {
      const factors = queryClient.getQueryData(factorsQuery(client).queryKey);
      const removed = factors?.passkeys.find(({ id }) => id === passkey_id);
      if (factors && removed) await signalUnknownPasskey(factors.rp_id, removed.credential_id);
      await reload();
    },
  });
}

/** Removes all second factors of a user and revokes their sessions. */
export function useResetUserFactors() {
  const client = useClient();
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: (input: InputOf<"resetUserFactors">) => client.resetUserFactors(input),
    onSuccess: (_result, { user_id }) => invalidate(userKeys.detail(user_id), auditKeys.all),
  });
}

/**
 * Returns a function that reloads the factors and the current user, whose permissions can depend on them, and signals the
 * passkeys to the password manager. It never rejects, because the change that it follows has succeeded.
 */
function useReloadFactors(): () => Promise<void> {
  const client = useClient();
  const queryClient = useQueryClient();
  const invalidate = useInvalidate();

  async function reloadFactors() {
    const { queryKey } = factorsQuery(client);
    // Only an answer to a request that is sent now is sure to have all passkeys.
    await queryClient.cancelQueries({ queryKey });
    const factors = await client.getOwnFactors();
    queryClient.setQueryData(queryKey, factors);
    await signalAcceptedPasskeys(factors);
  }

  async function reloadUser() {
    queryClient.setQueryData(meQuery(client).queryKey, await client.getCurrentUser());
  }

  return async () => {
    await Promise.all([
      reloadFactors().catch(() => invalidate(meKeys.factors)),
      reloadUser().catch(() => invalidate(meKeys.me)),
    ]);
  };
}
