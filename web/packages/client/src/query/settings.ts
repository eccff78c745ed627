import { queryOptions, useQuery } from "@tanstack/react-query";
import type { VestibuleClient } from "../client.js";
import { useClient } from "../react/context.js";

/** The key of the cached settings, which are the same for everybody. */
export const settingsKey = ["vestibule", "settings"] as const;

/** What a page for somebody who is not signed in needs to know, such as whether sign-up is open. */
export const settingsQuery = (client: VestibuleClient) =>
  queryOptions({ queryKey: settingsKey, queryFn: ({ signal }) => client.getSettings({ signal }) });

/** What a page for somebody who is not signed in needs to know. */
export function useSettings() {
  return useQuery(settingsQuery(useClient()));
}
