import type { QueryClient } from "@tanstack/react-query";
import type { VestibuleClient } from "../client.js";
import { signalUserDetails } from "../passkeys/signals.js";
import { passkeysSupported } from "../passkeys/support.js";
import { isProblem, NetworkError } from "../problem.js";
import type { Me } from "../schema.gen.js";
import { meKeys } from "./account.js";
import { settingsKey } from "./settings.js";

/**
 * Synchronizes the cache with the session. `meQuery` has the current user without another request, and a sign-out or a
 * change of user removes all cached data of this package except the settings. A new name or email address of the user is
 * signalled to the password manager, for their passkeys. Returns a function that disconnects.
 */
export function connectQueryClient(client: VestibuleClient, queryClient: QueryClient): () => void {
  let sessionId: string | null = null;
  let user: Me | null = null;

  function removeUserData() {
    const filters = { predicate: isUserData };
    void queryClient.cancelQueries(filters);
    queryClient.removeQueries(filters);
  }

  function update() {
    const state = client.session.getState();
    const nextId = state.status === "signed_in" ? state.sessionId : null;
    if (state.status === "signed_out" || (nextId && sessionId && nextId !== sessionId)) removeUserData();
    if (state.status === "signed_in") {
      queryClient.setQueryData(meKeys.me, state.user);
      if (user && isRenamed(user, state.user)) void signalUser(client, state.user);
      user = state.user;
    }
    sessionId = nextId ?? sessionId;
  }

  update();
  return client.session.subscribe(update);
}

function isRenamed(before: Me, after: Me): boolean {
  return before.id === after.id && (before.email !== after.email || before.display_name !== after.display_name);
}

async function signalUser(client: VestibuleClient, user: Me): Promise<void> {
  if (!passkeysSupported()) return;
  const factors = await client.getOwnFactors().catch(() => null);
  if (factors && factors.passkeys.length > 0) await signalUserDetails(factors, user);
}

/** Returns whether a query belongs to this package and depends on the user: any but the settings. */
function isUserData({ queryKey }: { queryKey: readonly unknown[] }): boolean {
  return queryKey[0] === settingsKey[0] && queryKey[1] !== settingsKey[1];
}

/**
 * The `retry` option for the defaults of a `QueryClient`. Retries up to three times after a network failure or a 5xx
 * response, and never after any other response.
 */
export function retryTransient(failures: number, error: Error): boolean {
  const transient = error instanceof NetworkError || (isProblem(error) && error.status >= 500);
  return transient && failures < 3;
}
