import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client } from "../../lib/session";

/** The first few people whose address or name begins like `q`, for the command palette. */
export const peopleQuery = (q: string) =>
  queryOptions({
    queryKey: ["palette", "people", q],
    queryFn: async ({ signal }) => (await client.listUsers({ q, limit: 6, signal })).items,
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  });
