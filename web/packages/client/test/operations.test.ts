import { HttpResponse, http } from "msw";
import { describe, expect, it, vi } from "vitest";
import { fieldErrors, isProblem, NetworkError } from "../src/index.js";
import { ada, base, openTab, problemResponse, signInHandlers, startMockApi, userWithEmail } from "./mock-api.js";

const api = startMockApi(...signInHandlers(new Set(["t1"])));
const users = `${base}/api/users`;

async function signedInClient() {
  const client = openTab();
  await client.session.signIn(ada);
  return client;
}

/** Adds a handler and returns a function that returns the last request it received. */
function captureRequest(method: "get" | "post" | "patch" | "delete", url: string, respond: () => Response) {
  const received = vi.fn();
  api.use(
    http[method](url, ({ request }) => {
      received(request);
      return respond();
    }),
  );
  return () => received.mock.lastCall?.[0] as Request;
}

describe("an operation", () => {
  it("puts parameters into path and query", async () => {
    const request = captureRequest("get", `${users}/:id/access`, () => HttpResponse.json({}));
    await (await signedInClient()).getUserAccess({ user_id: "u 1", permission: "users:read" });
    expect(request().url).toBe(`${users}/u%201/access?permission=users%3Aread`);
  });

  it("omits undefined parameters", async () => {
    const request = captureRequest("get", users, () => HttpResponse.json([]));
    await (await signedInClient()).listUsers({ q: undefined, status: "active" });
    expect(request().url).toBe(`${users}?status=active`);
  });

  it("sends ifMatch and returns the new etag", async () => {
    const respond = () => HttpResponse.json(userWithEmail(ada.email), { headers: { ETag: '"8"' } });
    const request = captureRequest("patch", `${users}/:id`, respond);
    const user = await (await signedInClient()).updateUser({
      user_id: "u1",
      body: { display_name: "Ada" },
      ifMatch: '"7"',
    });
    expect(request().headers.get("If-Match")).toBe('"7"');
    expect(await request().json()).toEqual({ display_name: "Ada" });
    expect(user.etag).toBe('"8"');
  });

  it("sends a random idempotency key unless one is passed", async () => {
    const request = captureRequest("post", users, () => HttpResponse.json(userWithEmail(ada.email), { status: 201 }));
    const client = await signedInClient();
    const keys = [];
    for (const idempotencyKey of [undefined, undefined, "mine"]) {
      await client.createUser({ body: ada, idempotencyKey });
      keys.push(request().headers.get("Idempotency-Key"));
    }
    expect(keys[0]).toMatch(/^"[\x20-\x7e]{16,}"$/);
    expect(new Set(keys).size).toBe(3);
    expect(keys[2]).toBe('"mine"');
  });

  it("returns undefined for an empty response", async () => {
    captureRequest("delete", `${users}/:id`, () => new HttpResponse(null, { status: 204 }));
    expect(await (await signedInClient()).deleteUser({ user_id: "u1" })).toBeUndefined();
  });

  it("sends no token to a public operation", async () => {
    const request = captureRequest("get", `${base}/api/settings`, () => HttpResponse.json({}));
    await (await signedInClient()).getSettings();
    expect(request().headers.has("Authorization")).toBe(false);
  });

  it("can be aborted", async () => {
    const client = await signedInClient();
    await expect(client.listUsers({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("a paginated list", () => {
  it("has the next cursor and the total on the first page", async () => {
    captureRequest("get", users, () =>
      HttpResponse.json([userWithEmail(ada.email)], {
        headers: {
          Link: '</api/users?limit=1&sort=email&cursor=a%2Bb>; rel="next"',
          "X-Total-Count": "10000",
          "X-Total-Count-Kind": "at_least",
        },
      }),
    );
    const page = await (await signedInClient()).listUsers({ limit: 1, sort: "email" });
    expect(page).toMatchObject({ next: "a+b", total: 10000, totalIsLowerBound: true });
    expect(page.items.map(({ email }) => email)).toEqual([ada.email]);
  });

  it("has no next cursor on the last page", async () => {
    captureRequest("get", users, () => HttpResponse.json([]));
    const page = await (await signedInClient()).listUsers({ cursor: "x" });
    expect(page).toEqual({ items: [], next: null, total: null, totalIsLowerBound: false });
  });

  it("is a plain array if the operation has no pages", async () => {
    captureRequest("get", `${base}/api/permissions`, () => HttpResponse.json([{ name: "users:read" }]));
    expect(await (await signedInClient()).listPermissions()).toEqual([{ name: "users:read" }]);
  });
});

describe("an error response", () => {
  async function createUserError(respond: () => Response): Promise<unknown> {
    captureRequest("post", users, respond);
    return openTab()
      .createUser({ body: ada })
      .then(
        () => expect.fail("the call succeeded"),
        (error: unknown) => error,
      );
  }

  it("has a code and field errors", async () => {
    const errors = [
      { pointer: "/email", code: "taken", detail: "Email already registered" },
      { pointer: "/email", code: "too_long", detail: "Too long" },
      { pointer: "/roles/0", code: "unknown", detail: "There is no such role" },
      { parameter: "cursor", code: "invalid_format", detail: "Not a cursor" },
    ];
    const error = await createUserError(() => problemResponse(400, "email_taken", { errors }));
    expect(isProblem(error)).toBe(true);
    expect(isProblem(error, "last_admin", "email_taken")).toBe(true);
    expect(isProblem(error, "last_admin")).toBe(false);
    expect(error).toMatchObject({ status: 400, message: "Detail of email_taken", requestId: "r1", retryAfter: null });
    expect(fieldErrors(error)).toEqual({
      email: { code: "taken", message: "Email already registered" },
      "roles.0": { code: "unknown", message: "There is no such role" },
      cursor: { code: "invalid_format", message: "Not a cursor" },
    });
  });

  it("has the seconds to wait before a retry", async () => {
    const error = await createUserError(() => problemResponse(429, "too_many_requests", {}, { "Retry-After": "42" }));
    expect(error).toMatchObject({ retryAfter: 42 });
  });

  it("has the missing permission", async () => {
    expect(
      await createUserError(() => problemResponse(403, "forbidden", { permission: "users:create" })),
    ).toMatchObject({
      permission: "users:create",
    });
  });

  it("has the code unknown if it is not a problem document", async () => {
    const error = await createUserError(() => new HttpResponse("<h1>Bad gateway</h1>", { status: 502 }));
    expect(error).toMatchObject({ code: "unknown", status: 502, message: "The server responded with status 502." });
    expect(fieldErrors(error)).toEqual({});
  });

  it("is distinct from a network failure", async () => {
    const error = await createUserError(() => HttpResponse.error());
    expect(error).toBeInstanceOf(NetworkError);
    expect(isProblem(error)).toBe(false);
  });
});
