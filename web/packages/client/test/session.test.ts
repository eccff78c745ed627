import { HttpResponse, http } from "msw";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { isProblem, memoryTokens, NetworkError } from "../src/index.js";
import { ada, base, bearerOf, deferred, grant, openTab, problem, signInHandlers, startApi } from "./api.js";

const live = new Set<string>();
const api = startApi(...signInHandlers(live));
const refreshUrl = `${base}/api/auth/refresh`;
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

beforeEach(() => {
  live.clear();
  live.add("t1");
});

async function signedInTab() {
  const storage = memoryTokens();
  const client = openTab({ storage });
  await client.session.signIn(ada);
  return { client, storage };
}

/** Answers refreshes with the tokens t2, t3, …, each in place of the one before. */
function rotate() {
  const refresh = vi.fn(() => {
    live.clear();
    live.add(`t${refresh.mock.calls.length + 1}`);
    return HttpResponse.json(grant(`t${refresh.mock.calls.length + 1}`));
  });
  api.use(http.post(refreshUrl, refresh));
  return refresh;
}

describe("signing in", () => {
  it("tells who is signed in", async () => {
    const { client } = await signedInTab();
    expect(client.session.getState()).toMatchObject({
      status: "signed_in",
      sessionId: "s1",
      user: { email: ada.email, etag: '"1"' },
    });
  });

  it("is refused with a wrong password, without a refresh", async () => {
    api.use(http.post(`${base}/api/auth/login`, () => problem(401, "invalid_credentials")));
    const client = openTab();
    await client.session.restore();
    await expect(client.session.signIn(ada)).rejects.toSatisfy((error) => isProblem(error, "invalid_credentials"));
    expect(client.session.getState().status).toBe("signed_out");
  });

  it("is undone when a sign-out overtakes it", async () => {
    const answer = deferred<Response>();
    const left = vi.fn();
    api.use(
      http.post(`${base}/api/auth/login`, () => answer.promise),
      http.post(`${base}/api/auth/logout`, ({ request }) => {
        left(bearerOf(request));
        return new HttpResponse(null, { status: 204 });
      }),
    );
    const client = openTab();
    const signIn = client.session.signIn(ada);
    await client.session.signOut();
    answer.resolve(HttpResponse.json(grant("t1")));
    await expect(signIn).rejects.toMatchObject({ name: "AbortError" });
    expect(client.session.getState().status).toBe("signed_out");
    expect(left).toHaveBeenLastCalledWith("t1");
  });
});

describe("a refresh under way", () => {
  it("ends before somebody signs in, so that its cookie does not replace the new one", async () => {
    const { client } = await signedInTab();
    const answer = deferred<Response>();
    const asked: string[] = [];
    api.use(
      http.post(refreshUrl, () => {
        asked.push("refresh");
        return answer.promise;
      }),
      http.post(`${base}/api/auth/login`, () => {
        asked.push("login");
        return HttpResponse.json(grant("t1"));
      }),
    );
    live.clear();
    const call = client.getCurrentUser();
    await vi.waitFor(() => expect(asked).toEqual(["refresh"]));
    const signIn = client.session.signIn(ada);
    await settled();
    expect(asked).toEqual(["refresh"]);
    live.add("t1").add("t2");
    answer.resolve(HttpResponse.json(grant("t2")));
    await Promise.all([call, signIn]);
    expect(asked).toEqual(["refresh", "login"]);
  });
});

describe("a token that is refused", () => {
  it("is replaced once for ten calls at the same time", async () => {
    const { client } = await signedInTab();
    const refresh = rotate();
    live.clear();
    const answers = await Promise.all(Array.from({ length: 10 }, () => client.getCurrentUser()));
    expect(answers).toHaveLength(10);
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it("is replaced once also for a call that comes back late", async () => {
    const { client } = await signedInTab();
    const refresh = rotate();
    const late = deferred<Response>();
    api.use(http.get(`${base}/api/users/me/sessions`, () => late.promise, { once: true }));
    api.use(http.get(`${base}/api/permissions`, ({ request }) => HttpResponse.json([{ name: bearerOf(request) }])));
    const slow = client.listOwnSessions();
    live.clear();
    await client.getCurrentUser();
    api.use(http.get(`${base}/api/users/me/sessions`, ({ request }) => HttpResponse.json([{ id: bearerOf(request) }])));
    late.resolve(problem(401, "token_expired"));
    expect((await slow).items).toEqual([{ id: "t2" }]);
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it("sends the body again", async () => {
    const { client } = await signedInTab();
    rotate();
    live.clear();
    const bodies = vi.fn();
    api.use(
      http.patch(`${base}/api/users/me`, async ({ request }) => {
        bodies(await request.clone().json());
        return live.has(bearerOf(request) ?? "") ? HttpResponse.json({}) : problem(401, "token_expired");
      }),
    );
    await client.updateCurrentUser({ body: { display_name: "Ada" } });
    expect(bodies.mock.calls).toEqual([[{ display_name: "Ada" }], [{ display_name: "Ada" }]]);
  });

  it("is not sent at all once it has run out", async () => {
    api.use(http.post(`${base}/api/auth/login`, () => HttpResponse.json(grant("t1", { expires_in: 60 }))));
    const { client } = await signedInTab();
    const refresh = rotate();
    const sent = vi.fn();
    api.use(
      http.get(`${base}/api/permissions`, ({ request }) => {
        sent(bearerOf(request));
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

describe("signing out by itself", () => {
  it.each([
    ["a 401 from a refresh", "signed_out", () => problem(401, "session_revoked")],
    ["no session at a refresh", "signed_out", () => new HttpResponse(null, { status: 204 })],
    ["a 403 from a refresh", "signed_in", () => problem(403, "origin_not_allowed")],
    ["a 503 from a refresh", "signed_in", () => problem(503, "unavailable")],
    ["a lost connection", "signed_in", () => HttpResponse.error()],
  ] as const)("after %s: %s", async (_name, status, answer) => {
    const { client } = await signedInTab();
    api.use(http.post(refreshUrl, answer));
    live.clear();
    await expect(client.getCurrentUser()).rejects.toThrow();
    expect(client.session.getState().status).toBe(status);
  });

  it("leaves no refresh token behind", async () => {
    const { client, storage } = await signedInTab();
    api.use(http.post(refreshUrl, () => problem(401, "session_revoked")));
    live.clear();
    await expect(client.getCurrentUser()).rejects.toThrow();
    expect(storage.get()).toBeNull();
  });

  it("happens when the account is gone", async () => {
    const { client } = await signedInTab();
    api.use(http.get(`${base}/api/users/me`, () => problem(404, "user_not_found")));
    await expect(client.getCurrentUser()).rejects.toSatisfy((error) => isProblem(error, "user_not_found"));
    expect(client.session.getState().status).toBe("signed_out");
  });

  it.each([
    [403, "forbidden"],
    [404, "user_not_found"],
    [500, "internal"],
  ])("does not happen after a %i from another call", async (status, code) => {
    const { client } = await signedInTab();
    api.use(http.get(`${base}/api/users/:id`, () => problem(status, code)));
    await expect(client.getUser({ user_id: "u2" })).rejects.toThrow();
    expect(client.session.getState().status).toBe("signed_in");
  });
});

describe("signing out", () => {
  it("throws away a refresh that ends afterwards", async () => {
    const { client, storage } = await signedInTab();
    const answer = deferred<Response>();
    api.use(http.post(refreshUrl, () => answer.promise));
    live.clear();
    const call = client.getCurrentUser();
    await settled();
    await client.session.signOut();
    answer.resolve(HttpResponse.json(grant("t2")));
    await expect(call).rejects.toSatisfy((error) => isProblem(error, "token_expired"));
    expect(client.session.getState().status).toBe("signed_out");
    expect(storage.get()).toBeNull();
  });

  it("is not followed by a refresh for a call that comes back afterwards", async () => {
    const client = openTab({ transport: "cookie" });
    await client.session.signIn(ada);
    const refresh = rotate();
    const late = deferred<Response>();
    const asked = vi.fn(() => late.promise);
    api.use(http.get(`${base}/api/permissions`, asked));
    const call = client.listPermissions();
    await vi.waitFor(() => expect(asked).toHaveBeenCalled());
    await client.session.signOut();
    late.resolve(problem(401, "session_revoked"));
    await expect(call).rejects.toSatisfy((error) => isProblem(error, "session_revoked"));
    expect(refresh).not.toHaveBeenCalled();
  });

  it("holds here although the server is out of reach, and says so", async () => {
    const { client, storage } = await signedInTab();
    api.use(http.post(`${base}/api/auth/logout`, () => HttpResponse.error()));
    await expect(client.session.signOut()).rejects.toBeInstanceOf(NetworkError);
    expect(client.session.getState().status).toBe("signed_out");
    expect(storage.get()).toBeNull();
  });
});

describe("coming back", () => {
  it("carries on the session whose refresh token was kept, and keeps the next one", async () => {
    rotate();
    const storage = memoryTokens();
    await storage.set("kept");
    const client = openTab({ storage });
    expect(client.session.getState().status).toBe("loading");
    expect(await client.session.restore()).toMatchObject({ status: "signed_in", user: { email: ada.email } });
    expect(storage.get()).toBe("refresh-t2");
  });

  it("makes a call wait for the session", async () => {
    rotate();
    const storage = memoryTokens();
    await storage.set("kept");
    const client = openTab({ storage });
    void client.session.restore();
    expect(await client.getCurrentUser()).toMatchObject({ email: ada.email });
  });

  it("asks nothing where nothing was kept", async () => {
    const refresh = rotate();
    expect(await openTab().session.restore()).toEqual({ status: "signed_out" });
    expect(refresh).not.toHaveBeenCalled();
  });

  it("fails while the server is out of reach, and works afterwards", async () => {
    api.use(http.post(refreshUrl, () => HttpResponse.error()));
    const storage = memoryTokens();
    await storage.set("kept");
    const client = openTab({ storage });
    expect(await client.session.restore()).toMatchObject({ status: "failed", error: expect.any(NetworkError) });
    rotate();
    expect(await client.session.restore()).toMatchObject({ status: "signed_in" });
  });
});
