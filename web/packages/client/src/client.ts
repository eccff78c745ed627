import { createInvoke } from "./invoke.js";
import type { OperationName, Operations, Versioned } from "./operation.js";
import { routes } from "./routes.gen.js";
import type { Me, Transport } from "./schema.gen.js";
import { send } from "./send.js";
import { createAuth } from "./session/auth.js";
import { createSession, type Session, type SessionForCalls } from "./session/session.js";
import { localStorageTokens, type TokenStorage, type Tokens } from "./session/tokens.js";

/** How a client reaches its server. */
export interface ClientOptions {
  /** Where the server is, such as `https://accounts.example.com`; empty for the origin of the page. */
  readonly baseUrl?: string;
  /**
   * How the refresh token travels: `cookie`, out of reach of scripts, or `body`, for apps of another site.
   * @defaultValue "cookie"
   */
  readonly transport?: Transport;
  /** Where it is kept with `body`; `localStorageTokens()` unless given. */
  readonly storage?: TokenStorage | undefined;
}

/** Every operation of the API as a function, and the session in whose name they are called. */
export interface VestibuleClient extends Operations {
  readonly session: Session;
}

/** Makes a client; one for the whole app. */
export function createClient({ baseUrl = "", transport = "cookie", storage }: ClientOptions = {}): VestibuleClient {
  const base = baseUrl.replace(/\/$/, "");
  const auth = createAuth(base, transport === "body" ? (storage ?? localStorageTokens()) : null);
  const session = createSession(auth, `vestibule ${base}`, () => operations.getCurrentUser());
  const invoke = createInvoke(base, (request) => sendWithToken(session, request), send);

  const operations = Object.fromEntries(
    (Object.keys(routes) as OperationName[]).map((name) => {
      const call = (input?: object) => invoke(name, { ...input });
      return [name, aboutMe(session, name, call)];
    }),
  ) as unknown as Operations;

  return { ...operations, session };
}

type Call = (input?: object) => Promise<unknown>;

/** Lets the session see what calls about one's own account tell about it. */
function aboutMe(session: SessionForCalls, name: OperationName, call: Call): Call {
  if (name === "getCurrentUser" || name === "updateCurrentUser") {
    return (input) => session.adopt(() => call(input) as Promise<Versioned<Me>>);
  }
  return routes[name].path.startsWith("/api/users/me") ? (input) => session.watch(() => call(input)) : call;
}

/** Sends a request in the name of whoever is signed in, once more after a refresh if the token is refused. */
async function sendWithToken(session: SessionForCalls, request: Request): Promise<Response> {
  const tokens = await session.current();
  if (!tokens) return send(request);
  const again = request.clone();
  const response = await send(withToken(request, tokens));
  if (response.status !== 401) return response;
  const fresh = await session.replace(tokens);
  return fresh ? send(withToken(again, fresh)) : response;
}

function withToken(request: Request, { accessToken }: Tokens): Request {
  request.headers.set("Authorization", `Bearer ${accessToken}`);
  return request;
}
