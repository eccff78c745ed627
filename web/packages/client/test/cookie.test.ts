// @vitest-environment jsdom
// @vitest-environment-options { "url": "http://vestibule.test/" }
import { HttpResponse, http } from "msw";
import { afterEach, expect, it, vi } from "vitest";
import { ada, base, grant, openTab, signInHandlers, startApi } from "./api.js";

const api = startApi(...signInHandlers(new Set(["t1"])));

/** Sets the cookie that tells scripts of a session, as the server does, or takes it away. */
function setHint(value: "1" | null) {
  // biome-ignore lint/suspicious/noDocumentCookie: jsdom has no Cookie Store API
  document.cookie = `vestibule_signed_in=${value ?? "; Max-Age=0"}; Path=/`;
}

afterEach(() => setHint(null));

function spyOnRefresh() {
  const refresh = vi.fn(async ({ request }: { request: Request }) => {
    expect(request.headers.get("X-Requested-With")).toBeTruthy();
    expect(request.credentials).toBe("include");
    expect(await request.json()).toEqual({ transport: "cookie" });
    return HttpResponse.json(grant("t1", { refresh_token: undefined }));
  });
  api.use(http.post(`${base}/api/auth/refresh`, refresh));
  return refresh;
}

it("asks for a cookie, and keeps the refresh token nowhere", async () => {
  api.use(
    http.post(`${base}/api/auth/login`, async ({ request }) => {
      expect(await request.json()).toEqual({ ...ada, transport: "cookie" });
      expect(request.headers.get("X-Requested-With")).toBeTruthy();
      expect(request.credentials).toBe("include");
      return HttpResponse.json(grant("t1", { refresh_token: undefined }));
    }),
  );
  await openTab({ transport: "cookie" }).session.signIn(ada);
  expect({ ...localStorage }).toEqual({});
});

it("carries the session on when the readable cookie says that there is one", async () => {
  const refresh = spyOnRefresh();
  setHint("1");
  expect(await openTab({ transport: "cookie" }).session.restore()).toMatchObject({ status: "signed_in" });
  expect(refresh).toHaveBeenCalledTimes(1);
});

it("spares the refresh that must fail", async () => {
  const refresh = spyOnRefresh();
  expect(await openTab({ transport: "cookie" }).session.restore()).toEqual({ status: "signed_out" });
  expect(refresh).not.toHaveBeenCalled();
});

it("asks where the server's cookies cannot be seen", async () => {
  const other = "http://accounts.vestibule.test";
  api.use(http.post(`${other}/api/auth/refresh`, () => new HttpResponse(null, { status: 204 })));
  const client = openTab({ transport: "cookie", baseUrl: other });
  expect(await client.session.restore()).toEqual({ status: "signed_out" });
});

it("is signed out for good on this machine although the server could not be told", async () => {
  const refresh = spyOnRefresh();
  setHint("1");
  const client = openTab({ transport: "cookie" });
  await client.session.restore();
  api.use(http.post(`${base}/api/auth/logout`, () => HttpResponse.error()));
  await expect(client.session.signOut()).rejects.toThrow("could not be reached");
  expect(await openTab({ transport: "cookie" }).session.restore()).toEqual({ status: "signed_out" });
  expect(refresh).toHaveBeenCalledTimes(1);
});

it("keeps the refresh token in localStorage by default with the transport body", async () => {
  const client = openTab({ transport: "body", storage: undefined });
  await client.session.signIn(ada);
  expect({ ...localStorage }).toEqual({ "vestibule.refresh_token": "refresh-t1" });
  await client.session.signOut();
  expect({ ...localStorage }).toEqual({});
});
