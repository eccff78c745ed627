import { HttpResponse, http } from "msw";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { isProblem, isSecondFactorRequired, memoryTokens, type StepUpHandler } from "../src/index.js";
import {
  ada,
  base,
  bearerToken,
  deferred,
  openTab,
  problemResponse,
  signInHandlers,
  startMockApi,
  tokenResponse,
} from "./mock-api.js";

const validTokens = new Set<string>();
const api = startMockApi(...signInHandlers(validTokens));
const secondFactor = { challenge: "c1", methods: ["totp", "recovery_code"], expires_in: 300 };

beforeEach(() => {
  validTokens.clear();
  validTokens.add("t1").add("t2");
});

/** Handles a path of the API and records the bodies that it receives. */
function handle(path: string, respond: () => Response, method: "post" | "delete" = "post") {
  const bodies = vi.fn();
  api.use(
    http[method](`${base}${path}`, async ({ request }) => {
      bodies(await request.json().catch(() => null));
      return respond();
    }),
  );
  return bodies;
}

describe("a sign-in with a second factor", () => {
  it("rejects with the challenge and starts no session", async () => {
    handle("/api/auth/login", () => problemResponse(403, "second_factor_required", secondFactor));
    const client = openTab();
    await client.session.restore();
    const error = await client.signIn(ada).catch((error: unknown) => error);
    expect(isSecondFactorRequired(error)).toBe(true);
    expect(error).toMatchObject(secondFactor);
    expect(client.session.getState().status).toBe("signed_out");
  });

  it("is not what a step-up with a password alone rejects with", async () => {
    handle("/api/auth/step-up", () => problemResponse(403, "second_factor_required"));
    const error = await openTab()
      .stepUp({ body: { password: ada.password } })
      .catch((error: unknown) => error);
    expect(isProblem(error, "second_factor_required")).toBe(true);
    expect(isSecondFactorRequired(error)).toBe(false);
  });

  it.each(["totp", "recovery_code"] as const)("is completed by a %s like any other sign-in", async (method) => {
    const bodies = handle("/api/auth/second-factor", () => HttpResponse.json(tokenResponse("t1")));
    const storage = memoryTokens();
    const client = openTab({ storage });
    await client.completeSignIn({ challenge: "c1", method, code: "123456" });
    expect(bodies).toHaveBeenCalledExactlyOnceWith({ challenge: "c1", method, code: "123456", transport: "body" });
    expect(client.session.getState()).toMatchObject({
      status: "signed_in",
      sessionId: "s1",
      user: { email: ada.email },
    });
    expect(await storage.get()).toBe("refresh-t1");
  });

  it("uses the transport of the client", async () => {
    const bodies = handle("/api/auth/second-factor", () => HttpResponse.json(tokenResponse("t1")));
    await openTab({ transport: "cookie" }).completeSignIn({ challenge: "c1", method: "totp", code: "123456" });
    expect(bodies.mock.lastCall?.[0]).toMatchObject({ transport: "cookie" });
  });

  it.each([
    ["a wrong code", 401, "invalid_credentials"],
    ["an expired challenge", 400, "invalid_token"],
  ] as const)("rejects %s", async (_name, status, code) => {
    handle("/api/auth/second-factor", () => problemResponse(status, code));
    const client = openTab();
    await client.session.restore();
    const completed = client.completeSignIn({ challenge: "c1", method: "totp", code: "000000" });
    await expect(completed).rejects.toSatisfy((error) => isProblem(error, code));
    expect(client.session.getState().status).toBe("signed_out");
  });
});

describe("step-up", () => {
  const required = () => problemResponse(403, "step_up_required", { methods: ["totp", "passkey"], max_age: 600 });

  /** Serves a call that requires a proof of identity until `prove` is called. Returns the requests that it received. */
  function serveSensitiveCalls() {
    let fresh = false;
    const received = vi.fn((_call: { key: string | null; token: string | null; body: unknown }) => {});
    const respond = async ({ request }: { request: Request }) => {
      const body = await request.json().catch(() => null);
      received({ key: request.headers.get("Idempotency-Key"), token: bearerToken(request), body });
      return fresh ? new HttpResponse(null, { status: 204 }) : required();
    };
    api.use(
      http.delete(`${base}/api/users/me/totp`, respond),
      http.post(`${base}/api/users`, respond),
      http.post(`${base}/api/auth/refresh`, () => HttpResponse.json(tokenResponse("t2"))),
    );
    return {
      calls: () => received.mock.calls.map(([call]) => call),
      prove: () => {
        fresh = true;
      },
    };
  }

  async function signedInClient() {
    const client = openTab();
    await client.signIn(ada);
    return client;
  }

  const isRequired = (error: unknown) => isProblem(error, "step_up_required");

  it("asks once for all parallel calls and repeats each of them once", async () => {
    const { calls, prove } = serveSensitiveCalls();
    const client = await signedInClient();
    const handler = vi.fn<StepUpHandler>(async () => {
      prove();
      return true;
    });
    client.onStepUpRequired(handler);
    await Promise.all(Array.from({ length: 5 }, () => client.deleteTotp()));
    expect(handler).toHaveBeenCalledExactlyOnceWith({ methods: ["totp", "passkey"], maxAge: 600 });
    expect(calls()).toHaveLength(10);
    expect(calls().map(({ token }) => token)).toEqual([...Array(5).fill("t1"), ...Array(5).fill("t2")]);
  });

  it("repeats a call with the same body and the same idempotency key", async () => {
    const { calls, prove } = serveSensitiveCalls();
    const client = await signedInClient();
    client.onStepUpRequired(async () => {
      prove();
      return true;
    });
    await client.createUser({ body: ada });
    const [first, second] = calls();
    expect(second).toEqual({ ...first, token: "t2" });
    expect(first?.key).toBeTruthy();
    expect(first?.body).toEqual(ada);
  });

  it("repeats a call only once, even if the server still requires a proof", async () => {
    const { calls } = serveSensitiveCalls();
    const client = await signedInClient();
    const handler = vi.fn(async () => true);
    client.onStepUpRequired(handler);
    await expect(client.deleteTotp()).rejects.toSatisfy(isRequired);
    expect(calls()).toHaveLength(2);
    expect(handler).toHaveBeenCalledTimes(1);
  });

  it("repeats a call that fails after another call's proof, without asking again", async () => {
    const { prove } = serveSensitiveCalls();
    const client = await signedInClient();
    const handler = vi.fn<StepUpHandler>(async () => {
      prove();
      return true;
    });
    client.onStepUpRequired(handler);
    const late = deferred<Response>();
    api.use(http.post(`${base}/api/users/me/recovery-codes`, () => late.promise, { once: true }));
    const slow = client.replaceRecoveryCodes();
    await client.deleteTotp();
    api.use(http.post(`${base}/api/users/me/recovery-codes`, () => HttpResponse.json({ recovery_codes: ["a"] })));
    late.resolve(required());
    expect(await slow).toEqual({ recovery_codes: ["a"] });
    expect(handler).toHaveBeenCalledTimes(1);
  });

  it("asks after a token that had expired was refreshed", async () => {
    const { prove } = serveSensitiveCalls();
    const client = await signedInClient();
    api.use(http.delete(`${base}/api/users/me/totp`, () => problemResponse(401, "token_expired"), { once: true }));
    client.onStepUpRequired(async () => {
      prove();
      return true;
    });
    await expect(client.deleteTotp()).resolves.toBeUndefined();
  });

  it.each([
    ["no handler", undefined],
    ["a handler that resolves with false", async () => false],
  ])("rejects with the error with %s", async (_name, handler) => {
    const { calls } = serveSensitiveCalls();
    const client = await signedInClient();
    if (handler) client.onStepUpRequired(handler);
    await expect(client.deleteTotp()).rejects.toSatisfy(isRequired);
    expect(calls()).toHaveLength(1);
  });

  it("calls the latest handler that was not removed", async () => {
    serveSensitiveCalls();
    const client = await signedInClient();
    const [first, second] = [vi.fn(async () => false), vi.fn(async () => false)];
    client.onStepUpRequired(first);
    const remove = client.onStepUpRequired(second);
    await client.deleteTotp().catch(() => {});
    expect([first, second].map((handler) => handler.mock.calls.length)).toEqual([0, 1]);
    remove();
    await client.deleteTotp().catch(() => {});
    expect([first, second].map((handler) => handler.mock.calls.length)).toEqual([1, 1]);
  });

  it("never repeats a call as a user who signed in in the meantime", async () => {
    const { calls, prove } = serveSensitiveCalls();
    const client = await signedInClient();
    client.onStepUpRequired(async () => {
      handle("/api/auth/login", () => HttpResponse.json(tokenResponse("t2", { session_id: "s2" })));
      await client.signIn(ada);
      prove();
      return true;
    });
    await expect(client.deleteTotp()).rejects.toMatchObject({ name: "AbortError" });
    expect(calls()).toHaveLength(1);
  });

  it("ignores other responses with the status 403", async () => {
    handle("/api/users/me/totp", () => problemResponse(403, "forbidden"), "delete");
    const client = await signedInClient();
    const handler = vi.fn(async () => true);
    client.onStepUpRequired(handler);
    await expect(client.deleteTotp()).rejects.toSatisfy((error) => isProblem(error, "forbidden"));
    expect(handler).not.toHaveBeenCalled();
  });
});
