// @vitest-environment jsdom
import { HttpResponse, http } from "msw";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Factors } from "../src/index.js";
import { isProblem } from "../src/index.js";
import {
  addPasskey,
  addPasskeyAutomatically,
  passkeyAutofillSupported,
  passkeysSupported,
  signalAcceptedPasskeys,
  signalUnknownPasskey,
  signalUserDetails,
  signInWithPasskey,
  stepUpWithPasskey,
} from "../src/passkeys/index.js";
import { ada, base, openTab, problemResponse, signInHandlers, startMockApi, tokenResponse } from "./mock-api.js";
import {
  assertion,
  attestation,
  creationOptions,
  rejection,
  removePasskeys,
  requestOptions,
  stubPasskeys,
  untilAborted,
} from "./passkey-browser.js";

const api = startMockApi(...signInHandlers(new Set(["t1"])));

afterEach(() => {
  vi.useRealTimers();
  removePasskeys();
});

/** Handles a path of the API and records the bodies that it receives. */
function handle(path: string, respond: () => Response) {
  const bodies = vi.fn();
  api.use(
    http.post(`${base}/api${path}`, async ({ request }) => {
      bodies(await request.json().catch(() => null));
      return respond();
    }),
  );
  return bodies;
}

/** Serves options with the challenge ids o1, o2, …, and accepts every passkey. */
function servePasskeys(expires_in = 300) {
  const requested: ReturnType<typeof vi.fn> = handle("/auth/passkeys/options", () =>
    HttpResponse.json({ challenge_id: `o${requested.mock.calls.length}`, public_key: requestOptions, expires_in }),
  );
  const signedIn = handle("/auth/passkeys", () => HttpResponse.json(tokenResponse("t1")));
  return { requested, signedIn };
}

const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "succeeded",
    (error) => error.reason,
  );

describe("support", () => {
  it("is detected", async () => {
    expect(passkeysSupported()).toBe(false);
    expect(await passkeyAutofillSupported()).toBe(false);
    stubPasskeys();
    expect(passkeysSupported()).toBe(true);
    expect(await passkeyAutofillSupported()).toBe(true);
    stubPasskeys({ isConditionalMediationAvailable: undefined });
    expect(await passkeyAutofillSupported()).toBe(false);
    stubPasskeys({ isConditionalMediationAvailable: rejection("NotAllowedError") });
    expect(await passkeyAutofillSupported()).toBe(false);
  });

  it("is required before anything is sent", async () => {
    const client = openTab();
    for (const call of [signInWithPasskey(client), stepUpWithPasskey(client), addPasskey(client)]) {
      expect(await reasonOf(call)).toBe("unsupported");
    }
    expect(await addPasskeyAutomatically(client)).toBeNull();
  });
});

describe("signing in with a passkey", () => {
  it("sends the response of the browser and starts the session", async () => {
    const { get } = stubPasskeys();
    const { requested, signedIn } = servePasskeys();
    const client = openTab();
    await signInWithPasskey(client);
    expect(requested).toHaveBeenCalledExactlyOnceWith({});
    expect(get.mock.lastCall?.[0]).toMatchObject({ publicKey: requestOptions, mediation: "optional" });
    expect(signedIn).toHaveBeenCalledExactlyOnceWith({ challenge_id: "o1", credential: assertion, transport: "body" });
    expect(client.session.getState()).toMatchObject({ status: "signed_in", user: { email: ada.email } });
  });

  it("completes a sign-in as second factor", async () => {
    stubPasskeys();
    const { requested } = servePasskeys();
    const completed = handle("/auth/second-factor", () => HttpResponse.json(tokenResponse("t1")));
    const client = openTab();
    await signInWithPasskey(client, { challenge: "c1" });
    expect(requested).toHaveBeenCalledExactlyOnceWith({ challenge: "c1" });
    expect(completed).toHaveBeenCalledExactlyOnceWith({
      challenge: "c1",
      method: "passkey",
      credential: assertion,
      transport: "body",
    });
    expect(client.session.getState().status).toBe("signed_in");
  });

  it.each([
    ["NotAllowedError", "cancelled"],
    ["AbortError", "cancelled"],
    ["NotSupportedError", "unsupported"],
    ["SecurityError", "failed"],
  ])("converts the %s of the browser", async (name, reason) => {
    stubPasskeys().get.mockImplementation(rejection(name));
    servePasskeys();
    const error = await signInWithPasskey(openTab()).catch((error: unknown) => error);
    expect(error).toMatchObject({ name: "PasskeyError", reason, cause: { name } });
  });

  it("signals a passkey that the server does not know", async () => {
    const { signalUnknownCredential } = stubPasskeys();
    servePasskeys();
    handle("/auth/passkeys", () => problemResponse(401, "unknown_passkey"));
    await expect(signInWithPasskey(openTab())).rejects.toSatisfy((error) => isProblem(error, "unknown_passkey"));
    expect(signalUnknownCredential).toHaveBeenCalledExactlyOnceWith({
      rpId: requestOptions.rpId,
      credentialId: assertion.id,
    });
  });

  it("does not signal a passkey that was rejected for another reason", async () => {
    const { signalUnknownCredential } = stubPasskeys();
    servePasskeys();
    handle("/auth/passkeys", () => problemResponse(401, "invalid_credentials"));
    await signInWithPasskey(openTab()).catch(() => {});
    expect(signalUnknownCredential).not.toHaveBeenCalled();
  });
});

describe("autofill", () => {
  const autofill = true;

  it("offers passkeys until the user chooses one", async () => {
    const { get } = stubPasskeys();
    const { signedIn } = servePasskeys();
    await signInWithPasskey(openTab(), { autofill });
    expect(get.mock.lastCall?.[0]).toMatchObject({ mediation: "conditional" });
    expect(signedIn).toHaveBeenCalledOnce();
  });

  it("renews the options before they expire", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { get } = stubPasskeys();
    get.mockImplementationOnce(untilAborted).mockImplementationOnce(untilAborted);
    const { requested, signedIn } = servePasskeys(300);
    const client = openTab();
    const signIn = signInWithPasskey(client, { autofill });
    for (const calls of [1, 2]) {
      await vi.waitFor(() => expect(get).toHaveBeenCalledTimes(calls));
      vi.advanceTimersByTime(239_000);
      expect(requested).toHaveBeenCalledTimes(calls);
      vi.advanceTimersByTime(2_000);
    }
    await signIn;
    expect(requested).toHaveBeenCalledTimes(3);
    expect(signedIn.mock.lastCall?.[0]).toMatchObject({ challenge_id: "o3" });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("ends when its signal is aborted", async () => {
    const { get } = stubPasskeys();
    get.mockImplementation(untilAborted);
    servePasskeys();
    const controller = new AbortController();
    const reason = reasonOf(signInWithPasskey(openTab(), { autofill, signal: controller.signal }));
    await vi.waitFor(() => expect(get).toHaveBeenCalled());
    controller.abort();
    expect(await reason).toBe("cancelled");
    expect(await reasonOf(signInWithPasskey(openTab(), { autofill, signal: controller.signal }))).toBe("cancelled");
    expect(get).toHaveBeenCalledTimes(1);
  });

  it("has settled before another call of the browser begins", async () => {
    const events: string[] = [];
    const { get } = stubPasskeys();
    get.mockImplementationOnce(async (call) => {
      await untilAborted(call).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 20));
      events.push("autofill settled");
      throw new DOMException("aborted", "AbortError");
    });
    get.mockImplementationOnce(async () => {
      events.push("dialog begins");
      return { toJSON: () => assertion };
    });
    servePasskeys();
    const client = openTab();
    const reason = reasonOf(signInWithPasskey(client, { autofill }));
    await vi.waitFor(() => expect(get).toHaveBeenCalled());
    await signInWithPasskey(client);
    expect(await reason).toBe("cancelled");
    expect(events).toEqual(["autofill settled", "dialog begins"]);
    expect(get).toHaveBeenCalledTimes(2);
  });

  it("fails with a PasskeyError if there are no options", async () => {
    stubPasskeys();
    handle("/auth/passkeys/options", () => problemResponse(409, "passkeys_unavailable"));
    expect(await reasonOf(signInWithPasskey(openTab(), { autofill }))).toBe("failed");
    await expect(signInWithPasskey(openTab())).rejects.toSatisfy((error) => isProblem(error, "passkeys_unavailable"));
  });
});

describe("adding a passkey", () => {
  const passkey = { id: "p1", credential_id: "bmV3", name: "Phone", recovery_codes: ["a"] };

  async function signedInClient() {
    const client = openTab();
    await client.signIn(ada);
    handle("/users/me/passkeys/options", () =>
      HttpResponse.json({ challenge_id: "o1", public_key: creationOptions, expires_in: 300 }),
    );
    const added = handle("/users/me/passkeys", () => HttpResponse.json(passkey, { status: 201 }));
    return { client, added };
  }

  it.each([undefined, "Phone"])("sends the response of the browser with the name %s", async (name) => {
    const { create } = stubPasskeys();
    const { client, added } = await signedInClient();
    expect(await addPasskey(client, { name })).toEqual(passkey);
    expect(create.mock.lastCall?.[0]).toMatchObject({ publicKey: creationOptions, mediation: "optional" });
    const body = { challenge_id: "o1", credential: attestation };
    expect(added).toHaveBeenCalledExactlyOnceWith(name ? { ...body, name } : body);
  });

  it("reports that the device has one already", async () => {
    stubPasskeys().create.mockImplementation(rejection("InvalidStateError"));
    const { client } = await signedInClient();
    expect(await reasonOf(addPasskey(client))).toBe("exists");
  });

  it("happens without a dialog only where the browser can", async () => {
    const { client, added } = await signedInClient();
    stubPasskeys({ getClientCapabilities: async () => ({ conditionalCreate: false }) });
    expect(await addPasskeyAutomatically(client)).toBeNull();
    stubPasskeys({ getClientCapabilities: undefined });
    expect(await addPasskeyAutomatically(client)).toBeNull();
    stubPasskeys().create.mockImplementation(rejection("NotAllowedError"));
    expect(await addPasskeyAutomatically(client)).toBeNull();
    expect(added).not.toHaveBeenCalled();
    const { create } = stubPasskeys();
    expect(await addPasskeyAutomatically(client)).toEqual(passkey);
    expect(create.mock.lastCall?.[0]).toMatchObject({ mediation: "conditional" });
  });
});

it("proves the identity for a step-up", async () => {
  stubPasskeys();
  servePasskeys();
  const proved = handle("/auth/step-up", () => new HttpResponse(null, { status: 204 }));
  const client = openTab();
  await client.signIn(ada);
  await stepUpWithPasskey(client);
  expect(proved).toHaveBeenCalledExactlyOnceWith({ challenge_id: "o1", credential: assertion });
});

describe("a browser without JSON methods", () => {
  const bytes = (...values: number[]) => Uint8Array.of(...values).buffer;
  const methods = { parseRequestOptionsFromJSON: undefined, parseCreationOptionsFromJSON: undefined };

  it("gets buffers to sign in, and its buffers are encoded", async () => {
    const { get } = stubPasskeys(methods);
    const response = {
      clientDataJSON: bytes(123, 125),
      authenticatorData: bytes(1, 2),
      signature: bytes(255, 239),
      userHandle: null,
    };
    get.mockResolvedValue({ id: "Y3JlZA", type: "public-key", response });
    const { signedIn } = servePasskeys();
    const allowCredentials = [{ type: "public-key", id: "b2xk" }];
    handle("/auth/passkeys/options", () =>
      HttpResponse.json({ challenge_id: "o1", public_key: { ...requestOptions, allowCredentials }, expires_in: 300 }),
    );
    await signInWithPasskey(openTab());
    expect(get.mock.lastCall?.[0].publicKey).toEqual({
      ...requestOptions,
      challenge: bytes(1, 2, 3),
      allowCredentials: [{ type: "public-key", id: bytes(111, 108, 100) }],
    });
    expect(signedIn.mock.lastCall?.[0].credential).toEqual({
      id: "Y3JlZA",
      rawId: "Y3JlZA",
      type: "public-key",
      response: { clientDataJSON: "e30", authenticatorData: "AQI", signature: "_-8" },
    });
  });

  it("gets buffers to create a passkey, and its buffers are encoded", async () => {
    const { create } = stubPasskeys(methods);
    create.mockResolvedValue({
      id: "bmV3",
      type: "public-key",
      response: {
        clientDataJSON: bytes(123, 125),
        attestationObject: bytes(163, 99),
        getTransports: () => ["internal"],
      },
      getClientExtensionResults: () => ({ credProps: { rk: true } }),
      toJSON: () => {
        throw new TypeError("Illegal invocation");
      },
    });
    const client = openTab();
    await client.signIn(ada);
    handle("/users/me/passkeys/options", () => HttpResponse.json({ challenge_id: "o1", public_key: creationOptions }));
    const added = handle("/users/me/passkeys", () => HttpResponse.json({}, { status: 201 }));
    await addPasskey(client);
    expect(create.mock.lastCall?.[0].publicKey).toEqual({
      ...creationOptions,
      challenge: bytes(1, 2, 3),
      user: { ...creationOptions.user, id: bytes(117, 115, 101, 114) },
      excludeCredentials: [{ type: "public-key", id: bytes(111, 108, 100), transports: ["usb"] }],
    });
    expect(added.mock.lastCall?.[0].credential).toEqual(attestation);
  });
});

describe("signals", () => {
  const passkey = (credential_id: string) => ({ credential_id }) as Factors["passkeys"][number];
  const factors = {
    rp_id: "vestibule.test",
    user_handle: "AZM7HnwAcACAAAAAAAAAAQ",
    passkeys: [passkey("AZM7HnwAcACAAC9uShucPQ"), passkey("_-8")],
  } as Factors;
  const userId = "AZM7HnwAcACAAAAAAAAAAQ";
  const rpId = "vestibule.test";

  it("send the identifiers of the server unchanged", async () => {
    const browser = stubPasskeys();
    await signalAcceptedPasskeys(factors);
    expect(browser.signalAllAcceptedCredentials).toHaveBeenCalledExactlyOnceWith({
      rpId,
      userId,
      allAcceptedCredentialIds: ["AZM7HnwAcACAAC9uShucPQ", "_-8"],
    });
    await signalUserDetails(factors, { email: ada.email, display_name: "Ada" });
    await signalUserDetails(factors, { email: ada.email, display_name: null });
    expect(browser.signalCurrentUserDetails.mock.calls).toEqual([
      [{ rpId, userId, name: ada.email, displayName: "Ada" }],
      [{ rpId, userId, name: ada.email, displayName: ada.email }],
    ]);
    await signalUnknownPasskey(rpId, "_-8");
    expect(browser.signalUnknownCredential).toHaveBeenCalledExactlyOnceWith({ rpId, credentialId: "_-8" });
  });

  it("never send an empty list, or anything without a relying party", async () => {
    const browser = stubPasskeys();
    await signalAcceptedPasskeys({ ...factors, passkeys: [] });
    await signalAcceptedPasskeys({ ...factors, rp_id: null });
    await signalUserDetails({ ...factors, rp_id: null }, { email: ada.email, display_name: null });
    await signalUnknownPasskey(null, "_-8");
    expect(browser.signalAllAcceptedCredentials).not.toHaveBeenCalled();
    expect(browser.signalCurrentUserDetails).not.toHaveBeenCalled();
    expect(browser.signalUnknownCredential).not.toHaveBeenCalled();
  });

  it.each([
    ["does not support passkeys", removePasskeys],
    [
      "does not support signals",
      () =>
        stubPasskeys({
          signalAllAcceptedCredentials: undefined,
          signalCurrentUserDetails: undefined,
          signalUnknownCredential: undefined,
        }),
    ],
    [
      "rejects them",
      () =>
        stubPasskeys({
          signalAllAcceptedCredentials: rejection("SecurityError"),
          signalCurrentUserDetails: rejection("SecurityError"),
          signalUnknownCredential: () => {
            throw new TypeError("Bad base64url.");
          },
        }),
    ],
  ])("do nothing in a browser that %s", async (_name, stub) => {
    stub();
    await expect(signalAcceptedPasskeys(factors)).resolves.toBeUndefined();
    await expect(signalUserDetails(factors, { email: ada.email, display_name: null })).resolves.toBeUndefined();
    await expect(signalUnknownPasskey(rpId, "_-8")).resolves.toBeUndefined();
  });
});
