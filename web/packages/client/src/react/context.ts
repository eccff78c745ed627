"use client";

import { createContext, useContext } from "react";
import type { VestibuleClient } from "../client.js";
import { defaultTexts, type Texts } from "./texts.js";

/** The client of the nearest `VestibuleProvider`. */
export const ClientContext = createContext<VestibuleClient | null>(null);

/** The texts of the nearest `VestibuleProvider`. */
export const TextsContext = createContext<Texts>(defaultTexts);

/** Returns the client of the nearest `VestibuleProvider`. Throws if there is none. */
export function useClient(): VestibuleClient {
  const client = useContext(ClientContext);
  if (!client)
    throw new Error("No VestibuleProvider found. Wrap the component in <VestibuleProvider client={client}>.");
  return client;
}

/** Returns the texts of a component: its own ones, else those of the provider, else the English ones. */
export function useTexts(texts: Partial<Texts> | undefined): Texts {
  return { ...useContext(TextsContext), ...texts };
}
