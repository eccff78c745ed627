import { isProblem, problemFrom } from "../problem.js";
import type { LoginRequest, TokenResponse } from "../schema.gen.js";
import { send } from "../send.js";
import { forgetHint, mayHaveSession } from "./hint.js";
import type { TokenStorage, Tokens } from "./tokens.js";

/** Who signs in. */
export type Credentials = Pick<LoginRequest, "email" | "password">;

/** A session that the server has granted or carried on, before this tab has taken it over. */
export interface Grant {
  readonly tokens: Tokens;
  /** The refresh token, with the transport `body`. */
  readonly refreshToken: string | null;
}

/** The calls that hand out and take tokens; they alone know how the refresh token travels. */
export interface Auth {
  login(credentials: Credentials): Promise<Grant>;
  /** Carries the session on; `null` when there is none any more. */
  refresh(): Promise<Grant | null>;
  logout(accessToken: string | null): Promise<void>;
  /** Keeps what the next refresh needs. */
  keep(grant: Grant): Promise<void>;
  /** Forgets it. */
  forget(): Promise<void>;
}

/** The calls with the refresh token in a cookie that scripts cannot read, or, given a storage, in bodies. */
export function createAuth(baseUrl: string, storage: TokenStorage | null): Auth {
  async function post(path: string, body: object, headers: HeadersInit = {}): Promise<Response> {
    const request = new Request(`${baseUrl}/api/auth/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Requested-With": "vestibule-client", ...headers },
      body: JSON.stringify(body),
      credentials: storage ? "omit" : "include",
      keepalive: path === "logout",
    });
    const response = await send(request);
    if (response.ok) return response;
    throw problemFrom(response, await response.json().catch(() => null));
  }

  async function forget() {
    await storage?.set(null);
    if (!storage) forgetHint(baseUrl);
  }

  return {
    async login({ email, password }) {
      const response = await post("login", { email, password, transport: storage ? "body" : "cookie" });
      return grantFrom(await response.json());
    },

    async refresh() {
      const refresh_token = await storage?.get();
      if (storage ? !refresh_token : !mayHaveSession(baseUrl)) return null;
      const response = await post("refresh", storage ? { refresh_token } : { transport: "cookie" }).catch(
        nullIfRefused,
      );
      return response?.status === 200 ? grantFrom(await response.json()) : null;
    },

    async logout(accessToken) {
      const refresh_token = await storage?.get();
      await forget();
      await post(
        "logout",
        refresh_token ? { refresh_token } : {},
        accessToken === null ? {} : { Authorization: `Bearer ${accessToken}` },
      );
    },

    keep: async ({ refreshToken }) => storage?.set(refreshToken),
    forget,
  };
}

/** Only a 401 says that the session is over; a 403, a 5xx or a lost connection says nothing about it. */
function nullIfRefused(error: unknown): null {
  if (isProblem(error) && error.status === 401) return null;
  throw error;
}

function grantFrom(answer: TokenResponse): Grant {
  const { access_token: accessToken, expires_in, session_id: sessionId, refresh_token } = answer;
  const expiresAt = Date.now() + expires_in * 1000;
  return { tokens: { accessToken, expiresAt, sessionId }, refreshToken: refresh_token ?? null };
}
