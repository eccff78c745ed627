// @vitest-environment jsdom
// @vitest-environment-options { "url": "http://app.test/" }
import { HttpResponse, http } from "msw";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { VestibuleClient } from "../src/index.js";
import { ada, base, openTab, problemResponse, signInHandlers, startMockApi, tokenResponse } from "./mock-api.js";

const api = startMockApi(...signInHandlers(new Set(["t1"])));
const [refreshUrl, logoutUrl] = [`${base}/api/auth/refresh`, `${base}/api/auth/logout`];
const SECOND = 1000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
  localStorage.clear();
});

/** Opens a tab of an app whose server has a different host, so that its cookies are not visible. */
const openApp = () => openTab({ transport: "cookie" });

const statusOf = (client: VestibuleClient) => client.session.getState().status;

/** Handles requests to a URL and returns the mock that counts them. */
function handle(url: string, respond: () => Response) {
  const handler = vi.fn(respond);
  api.use(http.post(url, handler));
  return handler;
}

const down = () => HttpResponse.error();
const signedIn = () => HttpResponse.json(tokenResponse("t1", { refresh_token: undefined }));
const signedOut = () => new HttpResponse(null, { status: 204 });
const browserIsOnline = () => dispatchEvent(new Event("online"));
const pageBecomesVisible = () => document.dispatchEvent(new Event("visibilitychange"));

async function openOffline(respond: () => Response = down) {
  const failed = handle(refreshUrl, respond);
  const client = openApp();
  await client.session.restore();
  expect(statusOf(client)).toBe("offline");
  return { client, failed };
}

describe("a session that could not be restored", () => {
  it("is restored by itself after a growing delay", async () => {
    const { client, failed } = await openOffline();
    await vi.advanceTimersByTimeAsync(SECOND);
    await vi.waitFor(() => expect(failed).toHaveBeenCalledTimes(2));
    expect(statusOf(client)).toBe("offline");
    handle(refreshUrl, signedIn);
    await vi.advanceTimersByTimeAsync(2 * SECOND);
    await vi.waitFor(() => expect(statusOf(client)).toBe("signed_in"));
  });

  it.each([
    ["the browser is online again", browserIsOnline],
    ["the page becomes visible", pageBecomesVisible],
  ])("is restored at once when %s", async (_name, event) => {
    const { client } = await openOffline();
    handle(refreshUrl, signedIn);
    event();
    await vi.waitFor(() => expect(statusOf(client)).toBe("signed_in"));
  });

  it("is not restored before the time that the server asks for", async () => {
    const { client, failed } = await openOffline(() =>
      problemResponse(429, "too_many_requests", {}, { "Retry-After": "30" }),
    );
    await vi.advanceTimersByTimeAsync(29 * SECOND);
    expect(failed).toHaveBeenCalledTimes(1);
    handle(refreshUrl, signedIn);
    await vi.advanceTimersByTimeAsync(SECOND);
    await vi.waitFor(() => expect(statusOf(client)).toBe("signed_in"));
  });

  it("sends no more requests after the client is closed", async () => {
    const { client, failed } = await openOffline();
    client.session.close();
    browserIsOnline();
    await vi.advanceTimersByTimeAsync(60 * SECOND);
    expect(failed).toHaveBeenCalledTimes(1);
  });
});

describe("a sign-out that did not reach the server", () => {
  async function signOutOffline() {
    const client = openApp();
    await client.session.signIn(ada);
    handle(logoutUrl, down);
    expect(await client.session.signOut()).toEqual({ confirmed: false });
    client.session.close();
    return handle(refreshUrl, signedIn);
  }

  it("lasts after a reload, while the server is still unreachable", async () => {
    const refresh = await signOutOffline();
    expect(await openApp().session.restore()).toEqual({ status: "signed_out" });
    expect(refresh).not.toHaveBeenCalled();
  });

  it("is sent at the next start", async () => {
    const refresh = await signOutOffline();
    const logout = handle(logoutUrl, signedOut);
    expect(await openApp().session.restore()).toEqual({ status: "signed_out" });
    await vi.waitFor(() => expect(logout).toHaveBeenCalledTimes(1));
    await vi.waitFor(() => expect({ ...localStorage }).toEqual({}));
    expect(refresh).not.toHaveBeenCalled();
  });

  it("is sent when the browser is online again", async () => {
    await signOutOffline();
    const failed = handle(logoutUrl, down);
    await openApp().session.restore();
    await vi.waitFor(() => expect(failed).toHaveBeenCalled());
    const logout = handle(logoutUrl, signedOut);
    await vi.waitFor(() => {
      browserIsOnline();
      expect(logout).toHaveBeenCalled();
    });
    await vi.waitFor(() => expect({ ...localStorage }).toEqual({}));
  });

  it("ends with the next sign-in, also if it is still unconfirmed", async () => {
    await signOutOffline();
    const client = openApp();
    await client.session.restore();
    await client.session.signIn(ada);
    expect(statusOf(client)).toBe("signed_in");
    expect(await openApp().session.restore()).toMatchObject({ status: "signed_in" });
  });

  it("from a tab that could not restore the session also applies to the others", async () => {
    const other = openApp();
    await other.session.signIn(ada);
    const { client } = await openOffline();
    handle(logoutUrl, down);
    await client.session.signOut();
    await vi.waitFor(() => expect(statusOf(other)).toBe("signed_out"));
  });
});

it("signs out although the storage is full", async () => {
  handle(refreshUrl, signedIn);
  const client = openApp();
  await client.session.restore();
  handle(logoutUrl, down);
  const setItem = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
  });
  expect(await client.session.signOut()).toEqual({ confirmed: false });
  expect(statusOf(client)).toBe("signed_out");
  setItem.mockRestore();
});
