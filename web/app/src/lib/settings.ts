import { queryOptions } from "@tanstack/react-query";
import { client } from "./session";

/** What the server lets people do: sign up, set it up, choose passwords. It changes with its configuration only. */
export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: ({ signal }) => client.getSettings({ signal }),
  staleTime: 60_000,
});
