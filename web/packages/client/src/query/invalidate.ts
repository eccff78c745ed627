import { type QueryKey, useQueryClient } from "@tanstack/react-query";

/** What marks cached answers as out of date; it is done when those on the screen are there anew. */
export function useInvalidate(): (...keys: QueryKey[]) => Promise<void> {
  const queryClient = useQueryClient();
  return async (...keys) => {
    await Promise.all(keys.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
  };
}
