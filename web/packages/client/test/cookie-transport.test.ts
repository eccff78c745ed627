// @vitest-environment jsdom
// @vitest-environment-options { "url": "http://vestibule.test/" }
import { HttpResponse, http } from "msw";
import { afterEach, expect, it, vi } from "vitest";
import { ada, base, openTab, signInHandlers, startMockApi, tokenResponse } from "./mock-api.js";

const api = startMockApi(...signInHandlers(new Set(["t1"])));

const hints = ["vestibule_signed_in", "vestibule_signed_in_8010"];

/** Sets a hint cookie as the server does; `null` removes it. */
function setHint(value: "1" | null, name = "vestibule_signed_in") {
  // biome-ignore lint/suspicious/noDocumentCookie: jsdom has no Cookie Store API
  document.cookie = `${name}=${value ?? "; Max-Age=0"}; Path=/`;
}

afterEach(() => {
  for (const name of hints) setHint(null, name);
  localStorage.clear();
});

function spyOnRefresh() {
  const refresh = vi.fn(async ({ request }: { request: Request }) => {
    expect(request.headers.get("X-Requested-With")).toBeTruthy();
    expect(request.credentials).toBe("include");
    expect(await request.json()).toEqual({ transport: "cookie" });
    return HttpResponse.json(tokenResponse("t1", { refresh_token: undefined }));
  });
  api.use(http.post(`${base}/api/auth/refresh`, refresh));
  return refresh;
}

it("requests a cookie at sign-in and stores no refresh token", async () => {
  api.use(
    http.post(`${base}/api/auth/login`, async ({ request }) => {
      expect(await request.json()).toEqual({ ...ada, transport: "cookie" });
      expect(request.headers.get("X-Requested-With")).toBeTruthy();
      expect(request.credentials).toBe("include");
      return HttpResponse.json(tokenResponse("t1", { refresh_token: undefined }));
    }),
  );
  await openTab({ transport: "cookie" }).session.signIn(ada);
  expect({ ...localStorage }).toEqual({});
});

it.each(hints)("restores the session if the hint cookie %s is set", async (name) => {
  const refresh = spyOnRefresh();
  setHint("1", name);
  expect(await openTab({ transport: "cookie" }).session.restore()).toMatchObject({ status: "signed_in" });
  expect(refresh).toHaveBeenCalledTimes(1);
});

it.each(["other", "vestibule_signed_in_elsewhere"])("skips the refresh with only the cookie %s", async (name) => {
  const refresh = spyOnRefresh();
  hints.push(name);
  setHint("1", name);
  expect(await openTab({ transport: "cookie" }).session.restore()).toEqual({ status: "signed_out" });
  expect(refresh).not.toHaveBeenCalled();
});

it("refreshes without a hint if the server has a different host", async () => {
  const otherHost = "http://accounts.vestibule.test";
  api.use(http.post(`${otherHost}/api/auth/refresh`, () => new HttpResponse(null, { status: 204 })));
  const client = openTab({ transport: "cookie", baseUrl: otherHost });
  expect(await client.session.restore()).toEqual({ status: "signed_out" });
});

it("stores the refresh token in localStorage by default with the body transport", async () => {
  const client = openTab({ transport: "body", storage: undefined });
  await client.session.signIn(ada);
  expect({ ...localStorage }).toEqual({ "vestibule.refresh_token": "refresh-t1" });
  await client.session.signOut();
  expect({ ...localStorage }).toEqual({});
});
