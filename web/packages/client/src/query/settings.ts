"use client";

import { queryOptions, useQuery } from "@tanstack/react-query";
import type { VestibuleClient } from "../client.js";
import { useClient } from "../react/context.js";

/** The query key of the settings, which are the same for all users. */
export const settingsKey = ["vestibule", "settings"] as const;

/** Query options for the public settings, such as whether sign-up is open. They require no session. */
export const settingsQuery = (client: VestibuleClient) =>
  queryOptions({ queryKey: settingsKey, queryFn: ({ signal }) => client.getSettings({ signal }) });

/** Loads the public settings, such as whether sign-up is open. */
export function useSettings() {
  return useQuery(settingsQuery(useClient()));
}
