import type { QueryClient } from "@tanstack/react-query";
import type { VestibuleClient } from "../client.js";
import { meKeys } from "./me.js";
import { settingsKey } from "./settings.js";

/**
 * Keeps the cache in step with the session, from now on: `useMe` knows who is signed in without asking again, and
 * nothing that one person has seen is left for the next. Returns what ends it.
 */
export function connectQueryClient(client: VestibuleClient, cache: QueryClient): () => void {
  let sessionId: string | null = null;

  function forget() {
    const filters = { predicate: isPersonal };
    void cache.cancelQueries(filters);
    cache.removeQueries(filters);
  }

  function follow() {
    const state = client.session.getState();
    const now = state.status === "signed_in" ? state.sessionId : null;
    if (state.status === "signed_out" || (now && sessionId && now !== sessionId)) forget();
    if (state.status === "signed_in") cache.setQueryData(meKeys.me, state.user);
    sessionId = now ?? sessionId;
  }

  follow();
  return client.session.subscribe(follow);
}

function isPersonal({ queryKey }: { queryKey: readonly unknown[] }): boolean {
  return queryKey[0] === settingsKey[0] && queryKey[1] !== settingsKey[1];
}
