"use client";

import { useEffect, useState } from "react";
import type { VestibuleClient } from "../client.js";
import type { SettingsResponse } from "../schema.gen.js";
import { useClient } from "./context.js";

const requests = new WeakMap<VestibuleClient, Promise<SettingsResponse>>();

/** Loads the settings once for all components. Repeats a failed request when another component needs them. */
function loadSettings(client: VestibuleClient): Promise<SettingsResponse> {
  const request = requests.get(client) ?? client.getSettings();
  requests.set(client, request);
  request.catch(() => requests.delete(client));
  return request;
}

/** Returns the public settings of the server, such as whether sign-up is open; `undefined` until they have loaded. */
export function useServerSettings(): SettingsResponse | undefined {
  const client = useClient();
  const [settings, setSettings] = useState<SettingsResponse>();
  useEffect(() => {
    let mounted = true;
    // Forms work without the settings: the server checks every request.
    loadSettings(client).then(
      (loaded) => mounted && setSettings(loaded),
      () => {},
    );
    return () => {
      mounted = false;
    };
  }, [client]);
  return settings;
}
