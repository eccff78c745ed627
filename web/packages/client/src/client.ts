import { createCallOperation, sendRequest } from "./http.js";
import type { OperationName, Operations, Versioned } from "./operations.js";
import { isProblem, problemFrom } from "./problem.js";
import { routes } from "./routes.gen.js";
import type { Me, Transport } from "./schema.gen.js";
import { createAuthApi } from "./session/auth-api.js";
import { inPage } from "./session/browser.js";
import { type CallSession, createSession, type Session } from "./session/session.js";
import { createStepUp, type StepUp, type StepUpHandler } from "./session/step-up.js";
import { localStorageTokens, type TokenStorage } from "./session/tokens.js";

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
export interface VestibuleClient extends Operations, Pick<Session, "signIn" | "completeSignIn"> {
  readonly session: Session;
  /**
   * Sets the handler of `step_up_required`, the response to a sensitive call of a user whose last proof of identity is too
   * old. The handler asks for another one. If it resolves with `true`, every call that waits for it is repeated once;
   * otherwise it rejects with the error. Returns a function that removes the handler.
   */
  onStepUpRequired(handler: StepUpHandler): () => void;
}

/**
 * Creates a client. Create one for the whole app. In server rendering, its state stays `loading`, as it is in the browser
 * before the session has been restored; never sign in with it there, use `createServerClient`.
 */
export function createClient({ baseUrl = "", transport = "cookie", storage }: ClientOptions = {}): VestibuleClient {
  const base = baseUrl.replace(/\/$/, "");
  const auth = createAuthApi(base, transport === "body" ? (storage ?? localStorageTokens()) : null);
  const session = createSession(auth, {
    channelName: `vestibule ${base}`,
    restorable: inPage || (transport === "body" && storage !== undefined),
    loadUser: () => operations.getCurrentUser(),
  });
  const stepUp = createStepUp();
  const callOperation = createCallOperation(base, (request) => sendWithToken(session, stepUp, request));
  const operations = operationsFrom((name) =>
    withSessionUpdate(session, name, (input) => callOperation(name, { ...input })),
  );
  const { signIn, completeSignIn } = session;
  return { ...operations, session, signIn, completeSignIn, onStepUpRequired: stepUp.onRequired };
}

/** Options of `createServerClient`. */
export interface ServerClientOptions {
  /** The URL of the server, such as `https://accounts.example.com`. */
  readonly baseUrl: string;
  /** The access token that all calls are sent with, such as that of the request that your server is handling. */
  readonly accessToken?: string | undefined;
}

/**
 * Creates the operations without a session, for code outside the browser. Create it for one request, or for one script:
 * everything it sends has the given access token, which is never stored, refreshed or shared.
 */
export function createServerClient({ baseUrl, accessToken }: ServerClientOptions): Operations {
  const callOperation = createCallOperation(baseUrl.replace(/\/$/, ""), (request) =>
    sendRequest(accessToken === undefined ? request : withToken(request, accessToken)),
  );
  return operationsFrom((name) => (input) => callOperation(name, { ...input }));
}

type Call = (input?: object) => Promise<unknown>;

/** Creates the functions of all operations. */
export function operationsFrom(callOf: (name: OperationName) => Call): Operations {
  const names = Object.keys(routes) as OperationName[];
  return Object.fromEntries(names.map((name) => [name, callOf(name)])) as unknown as Operations;
}

/** Wraps calls about the current account, so that the session reflects their result. Returns other calls unchanged. */
function withSessionUpdate(session: CallSession, name: OperationName, call: Call): Call {
  if (name === "getCurrentUser" || name === "updateCurrentUser") {
    return (input) => session.updateUser(() => call(input) as Promise<Versioned<Me>>);
  }
  const isAboutAccount = routes[name].path.startsWith("/api/users/me");
  return isAboutAccount ? (input) => session.endIfAccountDeleted(() => call(input)) : call;
}

/**
 * Sends a request with the access token, if there is one. Repeats it once with a refreshed token after a 401, and once
 * after a step-up, whose time the refreshed token has.
 */
async function sendWithToken(session: CallSession, stepUp: StepUp, request: Request): Promise<Response> {
  let token = await session.getValid();
  if (!token) return sendRequest(request);
  const mustRepeat = stepUp.watch();
  const send = (accessToken: string) => sendRequest(withToken(request.clone(), accessToken));

  async function repeat(rejected: Response) {
    token = token && (await session.replaceRejected(token));
    return token ? send(token.accessToken) : rejected;
  }

  let response = await send(token.accessToken);
  if (await isTokenRejected(response)) response = await repeat(response);
  return (await mustRepeat(response)) ? repeat(response) : response;
}

/** Returns whether a 401 is about the access token, not about a proof of identity, which must not be sent twice. */
async function isTokenRejected(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  const body = await response
    .clone()
    .json()
    .catch(() => null);
  return !isProblem(problemFrom(response, body), "invalid_credentials", "unknown_passkey");
}

function withToken(request: Request, accessToken: string): Request {
  request.headers.set("Authorization", `Bearer ${accessToken}`);
  return request;
}
