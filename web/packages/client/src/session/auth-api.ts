import { sendRequest } from "../http.js";
import { isProblem, problemFrom } from "../problem.js";
import type { LoginRequest, TokenResponse } from "../schema.gen.js";
import { clearSessionHint, mayHaveSession } from "./session-hint.js";
import type { AccessToken, TokenStorage } from "./tokens.js";

/** The email and password of a sign-in. */
export type Credentials = Pick<LoginRequest, "email" | "password">;

/** The tokens that the server returned for a sign-in or a refresh. */
export interface IssuedTokens {
  readonly access: AccessToken;
  /** The refresh token with the transport `body`; `null` with `cookie`. */
  readonly refreshToken: string | null;
}

/** The calls that issue and revoke tokens. Only this module depends on the transport of the refresh token. */
export interface AuthApi {
  /** Signs in. Rejects with a `ProblemError`, such as `invalid_credentials`, or a `NetworkError`. */
  login(credentials: Credentials): Promise<IssuedTokens>;
  /**
   * Refreshes the session; `null` if there is none or it has ended. Rejects if the server is unreachable or returns
   * any error other than 401.
   */
  refresh(): Promise<IssuedTokens | null>;
  /** Removes the refresh token and then signs out on the server. Rejects if the server cannot be notified. */
  logout(accessToken: string | null): Promise<void>;
  /** Stores the refresh token for the next refresh. Does nothing with the transport `cookie`. */
  storeRefreshToken(issued: IssuedTokens): Promise<void>;
  /** Removes the refresh token or, with the transport `cookie`, the session hint. */
  clearRefreshToken(): Promise<void>;
}

/** Creates the calls. The transport is `body` if there is a storage, and `cookie` otherwise. */
export function createAuthApi(baseUrl: string, storage: TokenStorage | null): AuthApi {
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

  async function clearRefreshToken() {
    await storage?.set(null);
    if (!storage) clearSessionHint(baseUrl);
  }

  return {
    async login({ email, password }) {
      const response = await post("login", { email, password, transport: storage ? "body" : "cookie" });
      return issuedTokens(await response.json());
    },

    async refresh() {
      const refresh_token = await storage?.get();
      if (storage ? !refresh_token : !mayHaveSession(baseUrl)) return null;
      const body = storage ? { refresh_token } : { transport: "cookie" };
      const response = await post("refresh", body).catch(nullIfUnauthorized);
      return response?.status === 200 ? issuedTokens(await response.json()) : null;
    },

    async logout(accessToken) {
      const refresh_token = await storage?.get();
      await clearRefreshToken();
      await post(
        "logout",
        refresh_token ? { refresh_token } : {},
        accessToken === null ? {} : { Authorization: `Bearer ${accessToken}` },
      );
    },

    storeRefreshToken: async ({ refreshToken }) => storage?.set(refreshToken),
    clearRefreshToken,
  };
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
