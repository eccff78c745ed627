import { operationsFrom, type VestibuleClient } from "../client.js";
import type { Operations, Versioned } from "../operations.js";
import { ProblemError } from "../problem.js";
import type { Me, ProofMethod } from "../schema.gen.js";
import type { Credentials } from "../session/auth-api.js";
import { observable, type SessionState } from "../session/state.js";

/** Options of `createTestClient`. */
export interface TestClientOptions {
  /**
   * The current user, such as `{ permissions: ["users:read"] }`. Properties that are left out have defaults. `null` if the
   * user is signed out.
   * @defaultValue a user without permissions
   */
  readonly user?: Partial<Me> | null;
  /** The state of the session, such as `{ status: "loading" }`, instead of one with a `user`. */
  readonly state?: SessionState;
  /**
   * The second factors of the user, such as `["totp", "recovery_code"]`. A sign-in then rejects with
   * `second_factor_required`, and any code completes it.
   */
  readonly secondFactors?: readonly ProofMethod[];
  /** The operations that the tested component calls, such as `{ listUsers: async () => page }`. All others reject. */
  readonly operations?: Partial<Operations>;
}

/**
 * Creates a client with a fake session, for tests of components. It sends no requests: any email and password sign in.
 * Pass it to `VestibuleProvider`.
 */
export function createTestClient(options: TestClientOptions = {}): VestibuleClient {
  const { user = {}, state, secondFactors = [], operations = {} } = options;
  const session = observable<SessionState>(state ?? (user ? signedIn(user) : { status: "signed_out" }));

  async function getCurrentUser() {
    const current = session.get();
    if (current.status !== "signed_in") throw new Error("No user is signed in to the test client.");
    return current.user;
  }

  let email = user?.email ?? defaultUser.email;

  async function completeSignIn() {
    session.set(signedIn({ ...user, email }));
  }

  async function signIn(credentials: Credentials) {
    email = credentials.email;
    if (secondFactors.length > 0) throw secondFactorRequired(secondFactors);
    await completeSignIn();
  }

  return {
    ...operationsFrom((name) => () => Promise.reject(new Error(missingOperation(name)))),
    getCurrentUser,
    ...operations,
    signIn,
    completeSignIn,
    onStepUpRequired: () => () => {},
    session: {
      getState: session.get,
      subscribe: session.subscribe,
      restore: async () => session.get(),
      signIn,
      completeSignIn,
      async signOut() {
        session.set({ status: "signed_out" });
        return { confirmed: true };
      },
      getAccessToken: async () => (session.get().status === "signed_in" ? "test-access-token" : null),
      close() {},
    },
  };
}

function signedIn(user: Partial<Me>): SessionState {
  return { status: "signed_in", sessionId: "test-session", user: { ...defaultUser, ...user } };
}

function secondFactorRequired(methods: readonly ProofMethod[]): ProblemError {
  return new ProblemError(new Response(null, { status: 403 }), {
    code: "second_factor_required",
    challenge: "test-challenge",
    methods: [...methods],
    expires_in: 300,
  });
}

function missingOperation(name: string): string {
  return `The test client has no ${name}. Pass it: createTestClient({ operations: { ${name}: async () => … } }).`;
}

const defaultUser: Versioned<Me> = {
  id: "01933b1e-7c00-7000-8000-000000000001",
  email: "ada@example.com",
  display_name: "Ada Lovelace",
  status: "active",
  email_verified: true,
  roles: ["member"],
  permissions: [],
  pending_email: null,
  second_factor_enrolment_required: false,
  created_at: "2026-01-01T00:00:00.000000Z",
  updated_at: "2026-01-01T00:00:00.000000Z",
  etag: '"1"',
};
