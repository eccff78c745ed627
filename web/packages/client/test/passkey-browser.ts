import { vi } from "vitest";

/** A credential as a browser returns it, with `toJSON`. */
export const assertion = {
  id: "Y3JlZA",
  rawId: "Y3JlZA",
  type: "public-key",
  response: { clientDataJSON: "e30", authenticatorData: "AQI", signature: "_-8", userHandle: "dXNlcg" },
  clientExtensionResults: {},
} as const;

export const attestation = {
  id: "bmV3",
  rawId: "bmV3",
  type: "public-key",
  response: { clientDataJSON: "e30", attestationObject: "o2M", transports: ["internal"] },
  clientExtensionResults: { credProps: { rk: true } },
} as const;

export const requestOptions = {
  challenge: "AQID",
  timeout: 300_000,
  rpId: "vestibule.test",
  userVerification: "required",
};

export const creationOptions = {
  rp: { id: "vestibule.test", name: "Vestibule" },
  user: { id: "dXNlcg", name: "ada@example.com", displayName: "Ada" },
  challenge: "AQID",
  pubKeyCredParams: [{ type: "public-key", alg: -7 }],
  timeout: 300_000,
  excludeCredentials: [{ type: "public-key", id: "b2xk", transports: ["usb"] }],
  authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
  attestation: "none",
  extensions: { credProps: true },
};

/** Rejects when the signal of a call is aborted, as a browser does. It never resolves. */
export function untilAborted({ signal }: { signal: AbortSignal }): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
  });
}

export const rejection = (name: string) => async () => {
  throw new DOMException("No.", name);
};

type Call = { mediation: string; signal: AbortSignal; publicKey: unknown };

/**
 * Stubs a browser that supports passkeys with all methods, until `removePasskeys` is called. `methods` replaces static
 * methods of `PublicKeyCredential`; `undefined` removes one.
 */
export function stubPasskeys(methods: Partial<Record<keyof typeof PublicKeyCredential, unknown>> = {}) {
  const get = vi.fn(async (_call: Call): Promise<unknown> => ({ toJSON: () => assertion }));
  const create = vi.fn(async (_call: Call): Promise<unknown> => ({ toJSON: () => attestation }));
  const signals = {
    signalAllAcceptedCredentials: vi.fn(async (_options: AllAcceptedCredentialsOptions) => {}),
    signalCurrentUserDetails: vi.fn(async (_options: CurrentUserDetailsOptions) => {}),
    signalUnknownCredential: vi.fn(async (_options: UnknownCredentialOptions) => {}),
  };
  const statics = {
    isConditionalMediationAvailable: async () => true,
    getClientCapabilities: async () => ({ conditionalCreate: true }),
    parseRequestOptionsFromJSON: (options: unknown) => options,
    parseCreationOptionsFromJSON: (options: unknown) => options,
    ...signals,
    ...methods,
  };
  vi.stubGlobal("PublicKeyCredential", Object.assign(class {}, statics));
  Object.defineProperty(navigator, "credentials", { configurable: true, value: { get, create } });
  return { get, create, ...signals };
}

/** Removes the passkeys of `stubPasskeys` from the browser. */
export function removePasskeys() {
  vi.unstubAllGlobals();
  Reflect.deleteProperty(navigator, "credentials");
}
