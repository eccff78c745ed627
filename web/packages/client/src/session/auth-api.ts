import { sendRequest } from "../http.js";
import { isProblem, problemFrom } from "../problem.js";
import type { LoginRequest, PasskeySignInRequest, SecondFactorRequest, TokenResponse } from "../schema.gen.js";
import { createPendingSignOut } from "./pending-sign-out.js";
import { mayHaveSession } from "./session-hint.js";
import type { AccessToken, TokenStorage } from "./tokens.js";

/** The email and password of a sign-in. */
export type Credentials = Pick<LoginRequest, "email" | "password">;

type WithoutTransport<Request> = Request extends unknown ? Omit<Request, "transport"> : never;

/**
 * The proof that completes a sign-in: a second factor with the `challenge` of the sign-in with a password, or a passkey,
 * which suffices alone.
 */
export type SignInProof = WithoutTransport<SecondFactorRequest | PasskeySignInRequest>;

/** The tokens that the server returned for a sign-in or a refresh. */
export interface IssuedTokens {
  readonly access: AccessToken;
  /** The refresh token with the transport `body`; `null` with `cookie`. */
  readonly refreshToken: string | null;
}

/** The calls that issue and revoke tokens. Only this module depends on the transport of the refresh token. */
export interface AuthApi {
  /** Signs in, which replaces an earlier sign-out. Rejects with a `ProblemError`, such as `invalid_credentials`, or a `NetworkError`. */
  login(credentials: Credentials | SignInProof): Promise<IssuedTokens>;
  /**
   * Refreshes the session; `null` if there is none or it has ended, or while a sign-out is unconfirmed. Rejects if the
   * server is unreachable or returns any error other than 401.
   */
  refresh(): Promise<IssuedTokens | null>;
  /** Remembers a sign-out until the server confirms it. `accessToken` identifies the session, if it is known. */
  requestSignOut(accessToken: string | null): void;
  /** Sends the remembered sign-out to the server, if there is one. Rejects if the server does not confirm it. */
  confirmSignOut(): Promise<void>;
  /** Stores the refresh token for the next refresh. Does nothing with the transport `cookie`. */
  storeRefreshToken(issued: IssuedTokens): Promise<void>;
}

/** Creates the calls. The transport is `body` if there is a storage, and `cookie` otherwise. */
export function createAuthApi(baseUrl: string, storage: TokenStorage | null): AuthApi {
  const pendingSignOut = createPendingSignOut(`vestibule.sign_out ${baseUrl}`);
  let signedOutToken: string | null = null;
  let confirmation: Promise<void> | null = null;

  async function post(path: string, body: object, headers: HeadersInit = {}): Promise<Response> {
    const request = new Request(`${baseUrl}/api/auth/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Requested-With": "vestibule-client", ...headers },
      body: JSON.stringify(body),
      credentials: storage ? "omit" : "include",
      keepalive: path === "logout",
    });
    const response = await sendRequest(request);
    if (response.ok) return response;
    throw problemFrom(response, await response.json().catch(() => null));
  }

  async function sendSignOut() {
    const refresh_token = await storage?.get();
    const headers: HeadersInit = signedOutToken ? { Authorization: `Bearer ${signedOutToken}` } : {};
    await post("logout", refresh_token ? { refresh_token } : {}, headers);
    pendingSignOut.set(false);
    signedOutToken = null;
    await removeStored(refresh_token);
  }

  /** Removes a refresh token that is no longer valid, unless another tab has stored a new one since. */
  async function removeStored(refresh_token: string | null | undefined) {
    if (refresh_token && (await storage?.get()) === refresh_token) await storage?.set(null);
  }

  return {
    async login(credentials) {
      const response = await post(loginPath(credentials), { ...credentials, transport: storage ? "body" : "cookie" });
      pendingSignOut.set(false);
      return issuedTokens(await response.json());
    },

    async refresh() {
      if (pendingSignOut.get()) return null;
      const refresh_token = await storage?.get();
      if (storage ? !refresh_token : !mayHaveSession(baseUrl)) return null;
      const body = storage ? { refresh_token } : { transport: "cookie" };
      const response = await post("refresh", body).catch(nullIfUnauthorized);
      if (response?.status === 200) return issuedTokens(await response.json());
      await removeStored(refresh_token);
      return null;
    },

    requestSignOut(accessToken) {
      pendingSignOut.set(true);
      signedOutToken = accessToken ?? signedOutToken;
    },

    async confirmSignOut() {
      if (!pendingSignOut.get()) return;
      confirmation ??= sendSignOut().finally(() => {
        confirmation = null;
      });
      await confirmation;
    },

    storeRefreshToken: async ({ refreshToken }) => storage?.set(refreshToken),
  };
}

function loginPath(credentials: Credentials | SignInProof): string {
  if ("challenge_id" in credentials) return "passkeys";
  return "challenge" in credentials ? "second-factor" : "login";
}

/** Returns `null` for a 401, the only error that means that the session has ended, and rethrows any other. */
function nullIfUnauthorized(error: unknown): null {
  if (isProblem(error) && error.status === 401) return null;
  throw error;
}

function issuedTokens(response: TokenResponse): IssuedTokens {
  const { access_token: accessToken, expires_in, session_id: sessionId, refresh_token } = response;
  const expiresAt = Date.now() + expires_in * 1000;
  return { access: { accessToken, expiresAt, sessionId }, refreshToken: refresh_token ?? null };
}
