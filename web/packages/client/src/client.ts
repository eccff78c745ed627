import { createCallOperation, sendRequest } from "./http.js";
import type { OperationName, Operations, Versioned } from "./operations.js";
import { routes } from "./routes.gen.js";
import type { Me, Transport } from "./schema.gen.js";
import { createAuthApi } from "./session/auth-api.js";
import { type CallSession, createSession, type Session } from "./session/session.js";
import { type AccessToken, localStorageTokens, type TokenStorage } from "./session/tokens.js";

/** Options of `createClient`. */
export interface ClientOptions {
  /**
   * The URL of the server, such as `https://accounts.example.com`.
   * @defaultValue the origin of the page
   */
  readonly baseUrl?: string;
  /**
   * The transport of the refresh token: `cookie`, which scripts cannot read, or `body`, for an app on a different site.
   * @defaultValue "cookie"
   */
  readonly transport?: Transport;
  /**
   * The storage of the refresh token with the transport `body`.
   * @defaultValue `localStorageTokens()`
   */
  readonly storage?: TokenStorage | undefined;
}

/** Every operation of the API as a function, and the session that authenticates the calls. */
export interface VestibuleClient extends Operations {
  readonly session: Session;
}

/** Creates a client. Create one for the whole app. */
export function createClient({ baseUrl = "", transport = "cookie", storage }: ClientOptions = {}): VestibuleClient {
  const base = baseUrl.replace(/\/$/, "");
  const auth = createAuthApi(base, transport === "body" ? (storage ?? localStorageTokens()) : null);
  const session = createSession(auth, `vestibule ${base}`, () => operations.getCurrentUser());
  const callOperation = createCallOperation(base, (request) => sendWithToken(session, request));

  const operations = Object.fromEntries(
    (Object.keys(routes) as OperationName[]).map((name) => {
      const call = (input?: object) => callOperation(name, { ...input });
      return [name, withSessionUpdate(session, name, call)];
    }),
  ) as unknown as Operations;

  return { ...operations, session };
}

type Call = (input?: object) => Promise<unknown>;

/** Wraps calls about the current account, so that the session reflects their result. Returns other calls unchanged. */
function withSessionUpdate(session: CallSession, name: OperationName, call: Call): Call {
  if (name === "getCurrentUser" || name === "updateCurrentUser") {
    return (input) => session.updateUser(() => call(input) as Promise<Versioned<Me>>);
  }
  const isAboutAccount = routes[name].path.startsWith("/api/users/me");
  return isAboutAccount ? (input) => session.endIfAccountDeleted(() => call(input)) : call;
}

/** Sends a request with the access token, if there is one. After a 401, refreshes the token and retries once. */
async function sendWithToken(session: CallSession, request: Request): Promise<Response> {
  const token = await session.getValid();
  if (!token) return sendRequest(request);
  const retry = request.clone();
  const response = await sendRequest(withToken(request, token));
  if (response.status !== 401) return response;
  const newToken = await session.replaceRejected(token);
  return newToken ? sendRequest(withToken(retry, newToken)) : response;
}

function withToken(request: Request, { accessToken }: AccessToken): Request {
  request.headers.set("Authorization", `Bearer ${accessToken}`);
  return request;
}
