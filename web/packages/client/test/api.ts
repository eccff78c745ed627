import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll } from "vitest";
import { type ClientOptions, createClient, memoryTokens, type VestibuleClient } from "../src/index.js";

export const base = "http://vestibule.test";

/** A server that a test gives its answers; any other request is an error. */
export function startApi(...handlers: Parameters<typeof setupServer>) {
  const server = setupServer(...handlers);
  beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
  afterEach(() => server.resetHandlers());
  afterAll(() => server.close());
  return server;
}

const open: VestibuleClient[] = [];

/** A client as one tab has it. It leaves the other tabs after the test. */
export function openTab(options: ClientOptions = {}): VestibuleClient {
  const client = createClient({ baseUrl: base, transport: "body", storage: memoryTokens(), ...options });
  open.push(client);
  return client;
}

afterEach(() => {
  for (const client of open.splice(0)) client.session.close();
});

export const ada = { email: "ada@example.com", password: "correct horse battery" };

export function userNamed(email: string) {
  return {
    id: "01933b1e-7c00-7000-8000-000000000001",
    email,
    display_name: null,
    status: "active",
    email_verified: true,
    roles: ["member"],
    permissions: ["users:read"],
    pending_email: null,
    created_at: "2026-01-01T00:00:00.000000Z",
    updated_at: "2026-01-01T00:00:00.000000Z",
  };
}

export function grant(access_token: string, more: object = {}) {
  return {
    access_token,
    token_type: "bearer",
    expires_in: 1800,
    session_id: "s1",
    refresh_token: `refresh-${access_token}`,
    refresh_expires_in: 2592000,
    ...more,
  };
}

export function problem(status: number, code: string, more: object = {}, headers: Record<string, string> = {}) {
  return HttpResponse.json(
    {
      type: `${base}/problems/${code}`,
      title: code,
      status,
      detail: `It was ${code}`,
      code,
      request_id: "r1",
      ...more,
    },
    { status, headers: { "Content-Type": "application/problem+json", ...headers } },
  );
}

export const bearerOf = (request: Request) => request.headers.get("Authorization")?.replace("Bearer ", "") ?? null;

/** Answers to signing in and `/me`, as long as a token is one of `live`. */
export function signInHandlers(live: Set<string>) {
  return [
    http.post(`${base}/api/auth/login`, () => HttpResponse.json(grant("t1"))),
    http.post(`${base}/api/auth/logout`, () => new HttpResponse(null, { status: 204 })),
    http.get(`${base}/api/users/me`, ({ request }) =>
      live.has(bearerOf(request) ?? "")
        ? HttpResponse.json(userNamed(ada.email), { headers: { ETag: '"1"' } })
        : problem(401, "token_expired"),
    ),
  ];
}

/** A promise with what settles it. */
export function deferred<Value>() {
  let resolve!: (value: Value) => void;
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
