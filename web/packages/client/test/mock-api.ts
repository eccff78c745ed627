import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll } from "vitest";
import { type ClientOptions, createClient, memoryTokens, type VestibuleClient } from "../src/index.js";

export const base = "http://vestibule.test";

/** Starts a mock server with the handlers of a test. A request without a handler is an error. */
export function startMockApi(...handlers: Parameters<typeof setupServer>) {
  const server = setupServer(...handlers);
  beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
  afterEach(() => server.resetHandlers());
  afterAll(() => server.close());
  return server;
}

const openClients: VestibuleClient[] = [];

/** Creates the client of one tab. It is closed after the test. */
export function openTab(options: ClientOptions = {}): VestibuleClient {
  const client = createClient({ baseUrl: base, transport: "body", storage: memoryTokens(), ...options });
  openClients.push(client);
  return client;
}

afterEach(() => {
  for (const client of openClients.splice(0)) client.session.close();
});

export const ada = { email: "ada@example.com", password: "correct horse battery" };

export function userWithEmail(email: string) {
  return {
    id: "01933b1e-7c00-7000-8000-000000000001",
    email,
    display_name: null,
    status: "active",
    email_verified: true,
    roles: ["member"],
    permissions: ["users:read"],
    pending_email: null,
    second_factor_enrolment_required: false,
    created_at: "2026-01-01T00:00:00.000000Z",
    updated_at: "2026-01-01T00:00:00.000000Z",
  };
}

export function tokenResponse(access_token: string, overrides: object = {}) {
  return {
    access_token,
    token_type: "bearer",
    expires_in: 1800,
    session_id: "s1",
    refresh_token: `refresh-${access_token}`,
    refresh_expires_in: 2592000,
    ...overrides,
  };
}

export function problemResponse(
  status: number,
  code: string,
  overrides: object = {},
  headers: Record<string, string> = {},
) {
  return HttpResponse.json(
    {
      type: `${base}/problems/${code}`,
      title: code,
      status,
      detail: `Detail of ${code}`,
      code,
      request_id: "r1",
      ...overrides,
    },
    { status, headers: { "Content-Type": "application/problem+json", ...headers } },
  );
}

export const bearerToken = (request: Request) => request.headers.get("Authorization")?.replace("Bearer ", "") ?? null;

export const settings = {
  setup_required: false,
  sign_up: "open",
  require_verified_email: false,
  password: { min_length: 12, max_length: 128 },
  mail: true,
  passkeys: true,
};

/** Returns handlers for the settings, sign-in, sign-out and the current user. Only `validTokens` are accepted. */
export function signInHandlers(validTokens: Set<string>) {
  return [
    http.get(`${base}/api/settings`, () => HttpResponse.json(settings)),
    http.post(`${base}/api/auth/login`, () => HttpResponse.json(tokenResponse("t1"))),
    http.post(`${base}/api/auth/logout`, () => new HttpResponse(null, { status: 204 })),
    http.get(`${base}/api/users/me`, ({ request }) =>
      validTokens.has(bearerToken(request) ?? "")
        ? HttpResponse.json(userWithEmail(ada.email), { headers: { ETag: '"1"' } })
        : problemResponse(401, "token_expired"),
    ),
  ];
}

/** Returns a promise and the function that resolves it. */
export function deferred<Value>() {
  let resolve!: (value: Value) => void;
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
