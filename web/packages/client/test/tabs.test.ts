import { HttpResponse, http } from "msw";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { memoryTokens, type VestibuleClient } from "../src/index.js";
import { ada, base, bearerOf, deferred, grant, openTab, problem, signInHandlers, startApi, userNamed } from "./api.js";

const live = new Set<string>();
const api = startApi(...signInHandlers(live));
const refreshUrl = `${base}/api/auth/refresh`;

beforeEach(() => {
  live.clear();
  live.add("t1");
});

const statusOf = (client: VestibuleClient) => client.session.getState().status;

/** Two tabs of one browser, so with one storage, both signed in. */
async function twoTabs() {
  const storage = memoryTokens();
  const [one, other] = [openTab({ storage }), openTab({ storage })];
  await one.session.signIn(ada);
  await vi.waitFor(() => expect(statusOf(other)).toBe("signed_in"));
  return { one, other };
}

const grace = "grace@example.com";
const graces = { status: "signed_in", sessionId: "s2", user: { email: grace } };

async function graceSignsIn(client: VestibuleClient) {
  api.use(
    http.post(`${base}/api/auth/login`, () => HttpResponse.json(grant("g1", { session_id: "s2" }))),
    http.get(`${base}/api/users/me`, () => HttpResponse.json(userNamed(grace))),
  );
  await client.session.signIn({ ...ada, email: grace });
}

/** Tells all tabs something, and waits until they have heard this and whatever was told before. */
async function heardByAll(message: object = { kind: "signed_out", sessionId: "none" }) {
  const speaker = new BroadcastChannel(`vestibule ${base}`);
  const witness = new BroadcastChannel(`vestibule ${base}`);
  const heard = vi.fn();
  witness.onmessage = heard;
  speaker.postMessage(message);
  await vi.waitFor(() => expect(heard).toHaveBeenCalled());
  speaker.close();
  witness.close();
}

describe("two tabs", () => {
  it("are signed in by one sign-in, without a refresh", async () => {
    const refresh = vi.fn(() => HttpResponse.json(grant("t2")));
    api.use(http.post(refreshUrl, refresh));
    const { other } = await twoTabs();
    expect(await other.getCurrentUser()).toMatchObject({ email: ada.email });
    expect(refresh).not.toHaveBeenCalled();
  });

  it("share a refresh", async () => {
    const refresh = vi.fn(() => {
      live.add("t2");
      return HttpResponse.json(grant("t2"));
    });
    api.use(http.post(refreshUrl, refresh));
    const seen = vi.fn();
    api.use(
      http.get(`${base}/api/permissions`, ({ request }) => {
        seen(bearerOf(request));
        return HttpResponse.json([]);
      }),
    );
    const { one, other } = await twoTabs();
    live.delete("t1");
    await one.getCurrentUser();
    await vi.waitFor(async () => {
      await other.listPermissions();
      expect(seen).toHaveBeenLastCalledWith("t2");
    });
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it("are signed out by one sign-out", async () => {
    const { one, other } = await twoTabs();
    await one.session.signOut();
    await vi.waitFor(() => expect(statusOf(other)).toBe("signed_out"));
  });

  it("stay signed out although a refresh of the other ends afterwards", async () => {
    const answer = deferred<Response>();
    const asked = vi.fn(() => answer.promise);
    api.use(http.post(refreshUrl, asked));
    const { one, other } = await twoTabs();
    live.clear();
    const call = other.getCurrentUser().catch(() => {});
    await vi.waitFor(() => expect(asked).toHaveBeenCalled());
    await one.session.signOut();
    answer.resolve(HttpResponse.json(grant("t2")));
    await call;
    await vi.waitFor(() => expect(statusOf(other)).toBe("signed_out"));
    expect(statusOf(one)).toBe("signed_out");
  });

  it("do not take a token that is told late by a tab which has not heard of the sign-out", async () => {
    const { one } = await twoTabs();
    await one.session.signOut();
    await heardByAll({ kind: "tokens", tokens: { accessToken: "t1", expiresAt: Date.now() + 1e6, sessionId: "s1" } });
    expect(statusOf(one)).toBe("signed_out");
  });

  it("end together although one of them did not know yet who is signed in", async () => {
    const { one } = await twoTabs();
    const answer = deferred<Response>();
    const asked = vi.fn(() => answer.promise);
    api.use(http.post(refreshUrl, asked));
    const storage = memoryTokens();
    await storage.set("kept");
    const third = openTab({ storage });
    const restored = third.session.restore();
    await vi.waitFor(() => expect(asked).toHaveBeenCalled());
    await one.session.signOut();
    await heardByAll();
    answer.resolve(HttpResponse.json(grant("t1")));
    expect(await restored).toEqual({ status: "signed_out" });
  });

  it("change together when somebody else signs in", async () => {
    const { one, other } = await twoTabs();
    await graceSignsIn(one);
    await vi.waitFor(() => expect(other.session.getState()).toMatchObject(graces));
  });

  it("stay changed although a refresh for the person before ends afterwards", async () => {
    const answer = deferred<Response>();
    const asked = vi.fn(() => answer.promise);
    api.use(http.post(refreshUrl, asked));
    const { one, other } = await twoTabs();
    live.clear();
    const call = other.listOwnSessions();
    api.use(http.get(`${base}/api/users/me/sessions`, () => problem(401, "token_expired")));
    await vi.waitFor(() => expect(asked).toHaveBeenCalled());
    await graceSignsIn(one);
    await vi.waitFor(() => expect(other.session.getState()).toMatchObject(graces));
    answer.resolve(HttpResponse.json(grant("t2")));
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    expect(other.session.getState()).toMatchObject(graces);
  });

  it("change when a refresh gives the session of somebody else", async () => {
    const { other } = await twoTabs();
    live.clear();
    api.use(
      http.post(refreshUrl, () => HttpResponse.json(grant("g1", { session_id: "s2" }))),
      http.get(`${base}/api/users/me`, ({ request }) =>
        bearerOf(request) === "g1" ? HttpResponse.json(userNamed(grace)) : problem(401, "token_expired"),
      ),
    );
    await expect(other.getCurrentUser()).rejects.toMatchObject({ name: "AbortError" });
    await vi.waitFor(() => expect(other.session.getState()).toMatchObject(graces));
  });
});

describe("what comes back for one person after another has signed in", () => {
  it.each([
    ["the account", () => HttpResponse.json(userNamed(ada.email))],
    ["that the account is gone", () => problem(404, "user_not_found")],
    ["a failure", () => HttpResponse.error()],
  ])("does not matter any more: %s", async (_name, late) => {
    const answer = deferred<Response>();
    const asked = vi.fn(() => answer.promise);
    api.use(http.get(`${base}/api/users/me`, asked));
    const one = openTab();
    const signIn = one.session.signIn(ada).catch(() => {});
    await vi.waitFor(() => expect(asked).toHaveBeenCalled());
    await graceSignsIn(openTab());
    await vi.waitFor(() => expect(one.session.getState()).toMatchObject(graces));
    answer.resolve(late());
    await signIn;
    expect(one.session.getState()).toMatchObject(graces);
  });
});

describe("a call of one person", () => {
  it("is not sent in the name of somebody who has signed in meanwhile", async () => {
    const { one } = await twoTabs();
    const answer = deferred<Response>();
    const sent = vi.fn();
    api.use(
      http.delete(`${base}/api/users/me/sessions`, ({ request }) => {
        sent(bearerOf(request));
        return answer.promise;
      }),
    );
    const call = one.deleteOtherSessions();
    await vi.waitFor(() => expect(sent).toHaveBeenCalled());
    await graceSignsIn(one);
    answer.resolve(problem(401, "session_revoked"));
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    expect(sent.mock.calls).toEqual([["t1"]]);
    expect(statusOf(one)).toBe("signed_in");
  });
});
