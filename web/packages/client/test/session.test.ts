import { HttpResponse, http } from "msw";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createServerClient, isProblem, memoryTokens } from "../src/index.js";
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
const refreshUrl = `${base}/api/auth/refresh`;
const shortDelay = () => new Promise((resolve) => setTimeout(resolve, 20));

beforeEach(() => {
  validTokens.clear();
  validTokens.add("t1");
});

async function signInTab() {
  const storage = memoryTokens();
  const client = openTab({ storage });
  await client.session.signIn(ada);
  return { client, storage };
}

/** Handles refreshes: issues the tokens t2, t3, …, each of which invalidates the previous one. */
function handleRefresh() {
  const refresh = vi.fn(() => {
    validTokens.clear();
    validTokens.add(`t${refresh.mock.calls.length + 1}`);
    return HttpResponse.json(tokenResponse(`t${refresh.mock.calls.length + 1}`));
  });
  api.use(http.post(refreshUrl, refresh));
  return refresh;
}

describe("signing in", () => {
  it("loads the user into the state", async () => {
    const { client } = await signInTab();
    expect(client.session.getState()).toMatchObject({
      status: "signed_in",
      sessionId: "s1",
      user: { email: ada.email, etag: '"1"' },
    });
  });

  it("rejects an incorrect password without a refresh", async () => {
    api.use(http.post(`${base}/api/auth/login`, () => problemResponse(401, "invalid_credentials")));
    const client = openTab();
    await client.session.restore();
    await expect(client.session.signIn(ada)).rejects.toSatisfy((error) => isProblem(error, "invalid_credentials"));
    expect(client.session.getState().status).toBe("signed_out");
  });

  it("is undone if the user signs out before it completes", async () => {
    const response = deferred<Response>();
    const loggedOut = vi.fn();
    api.use(
      http.post(`${base}/api/auth/login`, () => response.promise),
      http.post(`${base}/api/auth/logout`, ({ request }) => {
        loggedOut(bearerToken(request));
        return new HttpResponse(null, { status: 204 });
      }),
    );
    const client = openTab();
    const signIn = client.session.signIn(ada);
    await client.session.signOut();
    response.resolve(HttpResponse.json(tokenResponse("t1")));
    await expect(signIn).rejects.toMatchObject({ name: "AbortError" });
    expect(client.session.getState().status).toBe("signed_out");
    expect(loggedOut).toHaveBeenLastCalledWith("t1");
  });
});

describe("a refresh in flight", () => {
  it("completes before a sign-in is sent, so that its cookie does not overwrite the new one", async () => {
    const { client } = await signInTab();
    const response = deferred<Response>();
    const received: string[] = [];
    api.use(
      http.post(refreshUrl, () => {
        received.push("refresh");
        return response.promise;
      }),
      http.post(`${base}/api/auth/login`, () => {
        received.push("login");
        return HttpResponse.json(tokenResponse("t1"));
      }),
    );
    validTokens.clear();
    const call = client.getCurrentUser();
    await vi.waitFor(() => expect(received).toEqual(["refresh"]));
    const signIn = client.session.signIn(ada);
    await shortDelay();
    expect(received).toEqual(["refresh"]);
    validTokens.add("t1").add("t2");
    response.resolve(HttpResponse.json(tokenResponse("t2")));
    await Promise.all([call, signIn]);
    expect(received).toEqual(["refresh", "login"]);
  });
});

describe("a rejected token", () => {
  it("is refreshed once for ten concurrent calls", async () => {
    const { client } = await signInTab();
    const refresh = handleRefresh();
    validTokens.clear();
    const users = await Promise.all(Array.from({ length: 10 }, () => client.getCurrentUser()));
    expect(users).toHaveLength(10);
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it("is refreshed once even if a call fails late", async () => {
    const { client } = await signInTab();
    const refresh = handleRefresh();
    const lateResponse = deferred<Response>();
    api.use(http.get(`${base}/api/users/me/sessions`, () => lateResponse.promise, { once: true }));
    api.use(http.get(`${base}/api/permissions`, ({ request }) => HttpResponse.json([{ name: bearerToken(request) }])));
    const slow = client.listOwnSessions();
    validTokens.clear();
    await client.getCurrentUser();
    api.use(
      http.get(`${base}/api/users/me/sessions`, ({ request }) => HttpResponse.json([{ id: bearerToken(request) }])),
    );
    lateResponse.resolve(problemResponse(401, "token_expired"));
    expect((await slow).items).toEqual([{ id: "t2" }]);
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it("resends the body after the refresh", async () => {
    const { client } = await signInTab();
    handleRefresh();
    validTokens.clear();
    const bodies = vi.fn();
    api.use(
      http.patch(`${base}/api/users/me`, async ({ request }) => {
        bodies(await request.clone().json());
        return validTokens.has(bearerToken(request) ?? "")
          ? HttpResponse.json({})
          : problemResponse(401, "token_expired");
      }),
    );
    await client.updateCurrentUser({ body: { display_name: "Ada" } });
    expect(bodies.mock.calls).toEqual([[{ display_name: "Ada" }], [{ display_name: "Ada" }]]);
  });

  it("is refreshed before the call if it has expired", async () => {
    api.use(http.post(`${base}/api/auth/login`, () => HttpResponse.json(tokenResponse("t1", { expires_in: 60 }))));
    const { client } = await signInTab();
    const refresh = handleRefresh();
    const sent = vi.fn();
    api.use(
      http.get(`${base}/api/permissions`, ({ request }) => {
        sent(bearerToken(request));
        return HttpResponse.json([]);
      }),
    );
    const now = Date.now();
    vi.spyOn(Date, "now").mockReturnValue(now + 61_000);
    await client.listPermissions();
    vi.restoreAllMocks();
    expect(sent.mock.calls).toEqual([["t2"]]);
    expect(refresh).toHaveBeenCalledTimes(1);
  });
});

describe("the session after an error", () => {
  it.each([
    ["a 401 from a refresh", "signed_out", () => problemResponse(401, "session_revoked")],
    ["no session at a refresh", "signed_out", () => new HttpResponse(null, { status: 204 })],
    ["a 403 from a refresh", "signed_in", () => problemResponse(403, "origin_not_allowed")],
    ["a 503 from a refresh", "signed_in", () => problemResponse(503, "unavailable")],
    ["a network failure", "signed_in", () => HttpResponse.error()],
  ] as const)("after %s: %s", async (_name, status, respond) => {
    const { client } = await signInTab();
    api.use(http.post(refreshUrl, respond));
    validTokens.clear();
    await expect(client.getCurrentUser()).rejects.toThrow();
    expect(client.session.getState().status).toBe(status);
  });

  it("removes the refresh token if the refresh is rejected", async () => {
    const { client, storage } = await signInTab();
    api.use(http.post(refreshUrl, () => problemResponse(401, "session_revoked")));
    validTokens.clear();
    await expect(client.getCurrentUser()).rejects.toThrow();
    expect(storage.get()).toBeNull();
  });

  it("ends if the account is deleted", async () => {
    const { client } = await signInTab();
    api.use(http.get(`${base}/api/users/me`, () => problemResponse(404, "user_not_found")));
    await expect(client.getCurrentUser()).rejects.toSatisfy((error) => isProblem(error, "user_not_found"));
    expect(client.session.getState().status).toBe("signed_out");
  });

  it.each([
    [403, "forbidden"],
    [404, "user_not_found"],
    [500, "internal"],
  ])("survives a %i from another call", async (status, code) => {
    const { client } = await signInTab();
    api.use(http.get(`${base}/api/users/:id`, () => problemResponse(status, code)));
    await expect(client.getUser({ user_id: "u2" })).rejects.toThrow();
    expect(client.session.getState().status).toBe("signed_in");
  });
});

describe("signing out", () => {
  it("discards a refresh that completes afterwards", async () => {
    const { client, storage } = await signInTab();
    const response = deferred<Response>();
    api.use(http.post(refreshUrl, () => response.promise));
    validTokens.clear();
    const call = client.getCurrentUser();
    await shortDelay();
    await client.session.signOut();
    response.resolve(HttpResponse.json(tokenResponse("t2")));
    await expect(call).rejects.toSatisfy((error) => isProblem(error, "token_expired"));
    expect(client.session.getState().status).toBe("signed_out");
    expect(storage.get()).toBeNull();
  });

  it("does not refresh for a call that fails afterwards", async () => {
    const client = openTab({ transport: "cookie" });
    await client.session.signIn(ada);
    const refresh = handleRefresh();
    const lateResponse = deferred<Response>();
    const received = vi.fn(() => lateResponse.promise);
    api.use(http.get(`${base}/api/permissions`, received));
    const call = client.listPermissions();
    await vi.waitFor(() => expect(received).toHaveBeenCalled());
    await client.session.signOut();
    lateResponse.resolve(problemResponse(401, "session_revoked"));
    await expect(call).rejects.toSatisfy((error) => isProblem(error, "session_revoked"));
    expect(refresh).not.toHaveBeenCalled();
  });

  it("is confirmed by the server", async () => {
    const { client, storage } = await signInTab();
    expect(await client.session.signOut()).toEqual({ confirmed: true });
    expect(storage.get()).toBeNull();
  });

  it.each([
    ["unreachable", () => HttpResponse.error()],
    ["overloaded", () => problemResponse(503, "unavailable")],
  ])("takes effect while the server is %s, and is sent before the next sign-in", async (_name, respond) => {
    const { client, storage } = await signInTab();
    const refresh = handleRefresh();
    api.use(http.post(`${base}/api/auth/logout`, respond, { once: true }));
    expect(await client.session.signOut()).toEqual({ confirmed: false });
    expect(client.session.getState().status).toBe("signed_out");
    await expect(client.getCurrentUser()).rejects.toThrow();
    expect(refresh).not.toHaveBeenCalled();

    const received: unknown[] = [];
    api.use(
      http.post(`${base}/api/auth/logout`, async ({ request }) => {
        received.push([bearerToken(request), await request.json()]);
        return new HttpResponse(null, { status: 204 });
      }),
      http.post(`${base}/api/auth/login`, () => {
        received.push("login");
        return HttpResponse.json(tokenResponse("t1"));
      }),
    );
    validTokens.add("t1");
    await client.session.signIn(ada);
    expect(received).toEqual([["t1", { refresh_token: "refresh-t1" }], "login"]);
    expect(storage.get()).toBe("refresh-t1");
  });
});

describe("an access token for another API", () => {
  it("is refreshed if needed", async () => {
    handleRefresh();
    const storage = memoryTokens();
    await storage.set("stored");
    expect(await openTab({ storage }).session.getAccessToken()).toBe("t2");
  });

  it("is null if the user is signed out", async () => {
    expect(await openTab().session.getAccessToken()).toBeNull();
  });
});

describe("restoring", () => {
  it("uses the stored refresh token and stores the new one", async () => {
    handleRefresh();
    const storage = memoryTokens();
    await storage.set("stored");
    const client = openTab({ storage });
    expect(client.session.getState().status).toBe("loading");
    expect(await client.session.restore()).toMatchObject({ status: "signed_in", user: { email: ada.email } });
    expect(storage.get()).toBe("refresh-t2");
  });

  it("delays calls until the session is restored", async () => {
    handleRefresh();
    const storage = memoryTokens();
    await storage.set("stored");
    const client = openTab({ storage });
    void client.session.restore();
    expect(await client.getCurrentUser()).toMatchObject({ email: ada.email });
  });

  it("sends no request without a stored refresh token", async () => {
    const refresh = handleRefresh();
    expect(await openTab().session.restore()).toEqual({ status: "signed_out" });
    expect(refresh).not.toHaveBeenCalled();
  });

  it.each([
    ["unreachable", () => HttpResponse.error()],
    ["overloaded", () => problemResponse(503, "unavailable")],
    ["limiting requests", () => problemResponse(429, "too_many_requests")],
  ])("leads to the state offline while the server is %s, and succeeds on a retry", async (_name, respond) => {
    api.use(http.post(refreshUrl, respond));
    const storage = memoryTokens();
    await storage.set("stored");
    const client = openTab({ storage });
    expect(await client.session.restore()).toMatchObject({ status: "offline", error: expect.any(Error) });
    handleRefresh();
    expect(await client.session.restore()).toMatchObject({ status: "signed_in" });
  });
});

describe("during server rendering", () => {
  it.each([{ transport: "cookie" }, { transport: "body", storage: undefined }] as const)(
    "restoring sends no request and stays loading: %o",
    async (options) => {
      const refresh = handleRefresh();
      expect(await openTab(options).session.restore()).toEqual({ status: "loading" });
      expect(refresh).not.toHaveBeenCalled();
    },
  );

  it("clients of concurrent requests share no tokens", async () => {
    const [first, second] = [openTab(), openTab()];
    await first.session.signIn(ada);
    await shortDelay();
    expect(second.session.getState().status).toBe("loading");
    expect(await second.session.getAccessToken()).toBeNull();
  });

  it("a server client sends the token of its request, and no other", async () => {
    const user = await createServerClient({ baseUrl: `${base}/`, accessToken: "t1" }).getCurrentUser();
    expect(user.email).toBe(ada.email);
    await expect(createServerClient({ baseUrl: base }).getCurrentUser()).rejects.toSatisfy((error) => isProblem(error));
  });
});
