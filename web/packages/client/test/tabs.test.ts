// @vitest-environment jsdom
import { HttpResponse, http } from "msw";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { memoryTokens, type VestibuleClient } from "../src/index.js";
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
  userWithEmail,
} from "./mock-api.js";

const validTokens = new Set<string>();
const api = startMockApi(...signInHandlers(validTokens));
const refreshUrl = `${base}/api/auth/refresh`;

beforeEach(() => {
  validTokens.clear();
  validTokens.add("t1");
});

const statusOf = (client: VestibuleClient) => client.session.getState().status;

/** Opens two tabs that share a storage, and signs in. */
async function twoTabs() {
  const storage = memoryTokens();
  const [first, second] = [openTab({ storage }), openTab({ storage })];
  await first.session.signIn(ada);
  await vi.waitFor(() => expect(statusOf(second)).toBe("signed_in"));
  return { first, second };
}

const grace = "grace@example.com";
const gracesState = { status: "signed_in", sessionId: "s2", user: { email: grace } };

async function signInAsGrace(client: VestibuleClient) {
  api.use(
    http.post(`${base}/api/auth/login`, () => HttpResponse.json(tokenResponse("g1", { session_id: "s2" }))),
    http.get(`${base}/api/users/me`, () => HttpResponse.json(userWithEmail(grace))),
  );
  await client.session.signIn({ ...ada, email: grace });
}

/** Posts a message to all tabs, and waits until they have received it and all messages before it. */
async function postToAllTabs(message: object = { kind: "signed_out", sessionId: "none" }) {
  const sender = new BroadcastChannel(`vestibule ${base}`);
  const receiver = new BroadcastChannel(`vestibule ${base}`);
  const received = vi.fn();
  receiver.onmessage = received;
  sender.postMessage(message);
  await vi.waitFor(() => expect(received).toHaveBeenCalled());
  sender.close();
  receiver.close();
}

describe("two tabs", () => {
  it("share a sign-in without a refresh", async () => {
    const refresh = vi.fn(() => HttpResponse.json(tokenResponse("t2")));
    api.use(http.post(refreshUrl, refresh));
    const { second } = await twoTabs();
    expect(await second.getCurrentUser()).toMatchObject({ email: ada.email });
    expect(refresh).not.toHaveBeenCalled();
  });

  it("share a refresh", async () => {
    const refresh = vi.fn(() => {
      validTokens.add("t2");
      return HttpResponse.json(tokenResponse("t2"));
    });
    api.use(http.post(refreshUrl, refresh));
    const sentToken = vi.fn();
    api.use(
      http.get(`${base}/api/permissions`, ({ request }) => {
        sentToken(bearerToken(request));
        return HttpResponse.json([]);
      }),
    );
    const { first, second } = await twoTabs();
    validTokens.delete("t1");
    await first.getCurrentUser();
    await vi.waitFor(async () => {
      await second.listPermissions();
      expect(sentToken).toHaveBeenLastCalledWith("t2");
    });
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it("share a sign-out", async () => {
    const { first, second } = await twoTabs();
    await first.session.signOut();
    await vi.waitFor(() => expect(statusOf(second)).toBe("signed_out"));
  });

  it("stay signed out if a refresh completes after the sign-out", async () => {
    const response = deferred<Response>();
    const requested = vi.fn(() => response.promise);
    api.use(http.post(refreshUrl, requested));
    const { first, second } = await twoTabs();
    validTokens.clear();
    const call = second.getCurrentUser().catch(() => {});
    await vi.waitFor(() => expect(requested).toHaveBeenCalled());
    await first.session.signOut();
    response.resolve(HttpResponse.json(tokenResponse("t2")));
    await call;
    await vi.waitFor(() => expect(statusOf(second)).toBe("signed_out"));
    expect(statusOf(first)).toBe("signed_out");
  });

  it("ignore a token that another tab posts after the sign-out", async () => {
    const { first } = await twoTabs();
    await first.session.signOut();
    await postToAllTabs({
      kind: "tokens",
      tokens: { accessToken: "t1", expiresAt: Date.now() + 1e6, sessionId: "s1" },
    });
    expect(statusOf(first)).toBe("signed_out");
  });

  it("sign out a tab that is still restoring the session", async () => {
    const { first } = await twoTabs();
    const response = deferred<Response>();
    const requested = vi.fn(() => response.promise);
    api.use(http.post(refreshUrl, requested));
    const storage = memoryTokens();
    await storage.set("stored");
    const restoringTab = openTab({ storage });
    const restored = restoringTab.session.restore();
    await vi.waitFor(() => expect(requested).toHaveBeenCalled());
    await first.session.signOut();
    await postToAllTabs();
    response.resolve(HttpResponse.json(tokenResponse("t1")));
    expect(await restored).toEqual({ status: "signed_out" });
  });

  it("switch together when another user signs in", async () => {
    const { first, second } = await twoTabs();
    await signInAsGrace(first);
    await vi.waitFor(() => expect(second.session.getState()).toMatchObject(gracesState));
  });

  it("keep the new user if a refresh for the previous one completes afterwards", async () => {
    const response = deferred<Response>();
    const requested = vi.fn(() => response.promise);
    api.use(http.post(refreshUrl, requested));
    const { first, second } = await twoTabs();
    validTokens.clear();
    const call = second.listOwnSessions();
    api.use(http.get(`${base}/api/users/me/sessions`, () => problemResponse(401, "token_expired")));
    await vi.waitFor(() => expect(requested).toHaveBeenCalled());
    await signInAsGrace(first);
    await vi.waitFor(() => expect(second.session.getState()).toMatchObject(gracesState));
    response.resolve(HttpResponse.json(tokenResponse("t2")));
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    expect(second.session.getState()).toMatchObject(gracesState);
  });

  it("switch when a refresh returns the session of another user", async () => {
    const { second } = await twoTabs();
    validTokens.clear();
    api.use(
      http.post(refreshUrl, () => HttpResponse.json(tokenResponse("g1", { session_id: "s2" }))),
      http.get(`${base}/api/users/me`, ({ request }) =>
        bearerToken(request) === "g1" ? HttpResponse.json(userWithEmail(grace)) : problemResponse(401, "token_expired"),
      ),
    );
    await expect(second.getCurrentUser()).rejects.toMatchObject({ name: "AbortError" });
    await vi.waitFor(() => expect(second.session.getState()).toMatchObject(gracesState));
  });
});

describe("a late response after another user has signed in", () => {
  it.each([
    ["the user", () => HttpResponse.json(userWithEmail(ada.email))],
    ["a deleted account", () => problemResponse(404, "user_not_found")],
    ["a network failure", () => HttpResponse.error()],
  ])("is ignored: %s", async (_name, respond) => {
    const response = deferred<Response>();
    const requested = vi.fn(() => response.promise);
    api.use(http.get(`${base}/api/users/me`, requested));
    const first = openTab();
    const signIn = first.session.signIn(ada).catch(() => {});
    await vi.waitFor(() => expect(requested).toHaveBeenCalled());
    await signInAsGrace(openTab());
    await vi.waitFor(() => expect(first.session.getState()).toMatchObject(gracesState));
    response.resolve(respond());
    await signIn;
    expect(first.session.getState()).toMatchObject(gracesState);
  });
});

describe("a retry after another user has signed in", () => {
  it("is not sent with the token of the new user", async () => {
    const { first } = await twoTabs();
    const response = deferred<Response>();
    const sent = vi.fn();
    api.use(
      http.delete(`${base}/api/users/me/sessions`, ({ request }) => {
        sent(bearerToken(request));
        return response.promise;
      }),
    );
    const call = first.deleteOtherSessions();
    await vi.waitFor(() => expect(sent).toHaveBeenCalled());
    await signInAsGrace(first);
    response.resolve(problemResponse(401, "session_revoked"));
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    expect(sent.mock.calls).toEqual([["t1"]]);
    expect(statusOf(first)).toBe("signed_in");
  });
});
