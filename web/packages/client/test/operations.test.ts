import { HttpResponse, http } from "msw";
import { describe, expect, it, vi } from "vitest";
import { fieldErrors, isProblem, NetworkError } from "../src/index.js";
import { ada, base, openTab, problem, signInHandlers, startApi, userNamed } from "./api.js";

const api = startApi(...signInHandlers(new Set(["t1"])));
const users = `${base}/api/users`;

async function signedIn() {
  const client = openTab();
  await client.session.signIn(ada);
  return client;
}

/** Answers a request and keeps it. */
function keep(method: "get" | "post" | "patch" | "delete", url: string, answer: () => Response) {
  const kept = vi.fn();
  api.use(
    http[method](url, ({ request }) => {
      kept(request);
      return answer();
    }),
  );
  return () => kept.mock.lastCall?.[0] as Request;
}

describe("an operation", () => {
  it("puts parameters into path and query", async () => {
    const request = keep("get", `${users}/:id/access`, () => HttpResponse.json({}));
    await (await signedIn()).getUserAccess({ user_id: "u 1", permission: "users:read" });
    expect(request().url).toBe(`${users}/u%201/access?permission=users%3Aread`);
  });

  it("leaves out parameters that are not given", async () => {
    const request = keep("get", users, () => HttpResponse.json([]));
    await (await signedIn()).listUsers({ q: undefined, status: "active" });
    expect(request().url).toBe(`${users}?status=active`);
  });

  it("sends the version of what is changed, and gives the next", async () => {
    const answer = () => HttpResponse.json(userNamed(ada.email), { headers: { ETag: '"8"' } });
    const request = keep("patch", `${users}/:id`, answer);
    const user = await (await signedIn()).updateUser({ user_id: "u1", body: { display_name: "Ada" }, ifMatch: '"7"' });
    expect(request().headers.get("If-Match")).toBe('"7"');
    expect(await request().json()).toEqual({ display_name: "Ada" });
    expect(user.etag).toBe('"8"');
  });

  it("creates under a key of its own, or under the one that is given", async () => {
    const request = keep("post", users, () => HttpResponse.json(userNamed(ada.email), { status: 201 }));
    const client = await signedIn();
    const keys = [];
    for (const idempotencyKey of [undefined, undefined, "mine"]) {
      await client.createUser({ body: ada, idempotencyKey });
      keys.push(request().headers.get("Idempotency-Key"));
    }
    expect(keys[0]).toMatch(/^"[\x20-\x7e]{16,}"$/);
    expect(new Set(keys).size).toBe(3);
    expect(keys[2]).toBe('"mine"');
  });

  it("answers with nothing where the server does", async () => {
    keep("delete", `${users}/:id`, () => new HttpResponse(null, { status: 204 }));
    expect(await (await signedIn()).deleteUser({ user_id: "u1" })).toBeUndefined();
  });

  it("carries no token where anyone may call", async () => {
    const request = keep("get", `${base}/api/settings`, () => HttpResponse.json({}));
    await (await signedIn()).getSettings();
    expect(request().headers.has("Authorization")).toBe(false);
  });

  it("can be given up", async () => {
    const client = await signedIn();
    await expect(client.listUsers({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("a list", () => {
  it("comes in pages, with the total on the first", async () => {
    keep("get", users, () =>
      HttpResponse.json([userNamed(ada.email)], {
        headers: {
          Link: '</api/users?limit=1&sort=email&cursor=a%2Bb>; rel="next"',
          "X-Total-Count": "10000",
          "X-Total-Count-Kind": "at_least",
        },
      }),
    );
    const page = await (await signedIn()).listUsers({ limit: 1, sort: "email" });
    expect(page).toMatchObject({ next: "a+b", total: 10000, totalIsBound: true });
    expect(page.items.map(({ email }) => email)).toEqual([ada.email]);
  });

  it("ends with a page that has no next one", async () => {
    keep("get", users, () => HttpResponse.json([]));
    const page = await (await signedIn()).listUsers({ cursor: "x" });
    expect(page).toEqual({ items: [], next: null, total: null, totalIsBound: false });
  });

  it("that is whole is an array", async () => {
    keep("get", `${base}/api/permissions`, () => HttpResponse.json([{ name: "users:read" }]));
    expect(await (await signedIn()).listPermissions()).toEqual([{ name: "users:read" }]);
  });
});

describe("a refusal", () => {
  async function refusal(answer: () => Response): Promise<unknown> {
    keep("post", users, answer);
    return openTabAndCreate().then(
      () => expect.fail("it was accepted"),
      (error: unknown) => error,
    );
  }
  const openTabAndCreate = () => openTab().createUser({ body: ada });

  it("tells its code and the fields to blame", async () => {
    const errors = [
      { pointer: "/email", code: "taken", detail: "Email already registered" },
      { pointer: "/email", code: "too_long", detail: "Too long" },
      { pointer: "/roles/0", code: "unknown", detail: "There is no such role" },
      { parameter: "cursor", code: "invalid_format", detail: "Not a cursor" },
    ];
    const error = await refusal(() => problem(400, "email_taken", { errors }));
    expect(isProblem(error)).toBe(true);
    expect(isProblem(error, "last_admin", "email_taken")).toBe(true);
    expect(isProblem(error, "last_admin")).toBe(false);
    expect(error).toMatchObject({ status: 400, message: "It was email_taken", requestId: "r1", retryAfter: null });
    expect(fieldErrors(error)).toEqual({
      email: { code: "taken", message: "Email already registered" },
      "roles.0": { code: "unknown", message: "There is no such role" },
      cursor: { code: "invalid_format", message: "Not a cursor" },
    });
  });

  it("tells when another try makes sense", async () => {
    const error = await refusal(() => problem(429, "too_many_requests", {}, { "Retry-After": "42" }));
    expect(error).toMatchObject({ retryAfter: 42 });
  });

  it("tells which permission is missing", async () => {
    expect(await refusal(() => problem(403, "forbidden", { permission: "users:create" }))).toMatchObject({
      permission: "users:create",
    });
  });

  it("by something in between is told too", async () => {
    const error = await refusal(() => new HttpResponse("<h1>Bad gateway</h1>", { status: 502 }));
    expect(error).toMatchObject({ code: "unknown", status: 502, message: "The server answered with status 502." });
    expect(fieldErrors(error)).toEqual({});
  });

  it("is not what a lost connection is", async () => {
    const error = await refusal(() => HttpResponse.error());
    expect(error).toBeInstanceOf(NetworkError);
    expect(isProblem(error)).toBe(false);
  });
});
