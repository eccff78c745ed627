"use client";

import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { isProblem } from "../problem.js";
import { removeDeleted, useInvalidate } from "./cache.js";
import { type CreateInput, idempotentCreate } from "./idempotency.js";

/** Creates a resource at most once, see `idempotentCreate`, and then refetches the affected queries. */
export function useCreate<Input extends CreateInput, Created>(
  create: (input: Input) => Promise<Created>,
  affected: readonly QueryKey[],
) {
  const invalidate = useInvalidate();
  return useMutation({ ...idempotentCreate(create), onSuccess: () => invalidate(...affected) });
}

/**
 * Updates a resource, caches the result as its detail and refetches the affected queries. They are also refetched after
 * `stale` (412), so that the form has the latest version.
 */
export function useUpdate<Input, Updated extends { id: string }>(
  update: (input: Input) => Promise<Updated>,
  detailKey: (id: string) => QueryKey,
  affected: readonly QueryKey[],
) {
  const queryClient = useQueryClient();
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: (input: Input) => update(input),
    onSuccess: (updated) => queryClient.setQueryData(detailKey(updated.id), updated),
    onSettled: (_updated, error) => (error && !isProblem(error, "stale") ? undefined : invalidate(...affected)),
  });
}

/**
 * Deletes a resource. Removes its detail from the cache and refetches the affected queries, also if it was deleted
 * already. After `stale` (412), refetches the detail, so that the page has the latest version.
 */
export function useDelete<Input>(
  remove: (input: Input) => Promise<unknown>,
  detailKey: (input: Input) => QueryKey,
  affected: readonly QueryKey[],
) {
  const queryClient = useQueryClient();
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: (input: Input) => remove(input),
    onSettled: (_result, error, input) => {
      if (isProblem(error, "stale")) return invalidate(detailKey(input));
      if (error && !(isProblem(error) && error.status === 404)) return;
      removeDeleted(queryClient, detailKey(input));
      return invalidate(...affected);
    },
  });
}
