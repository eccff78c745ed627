import createFetch from "openapi-fetch";
import type { OperationName } from "./operations.js";
import { pageFrom } from "./page.js";
import { NetworkError, problemFrom } from "./problem.js";
import { routes } from "./routes.gen.js";

interface Route {
  readonly method: string;
  readonly path: string;
  readonly public?: true;
  readonly paged?: true;
  readonly creates?: true;
}

interface Input {
  body?: unknown;
  ifMatch?: string | null;
  idempotencyKey?: string;
  signal?: AbortSignal;
  [parameter: string]: unknown;
}

/** A function that calls an operation by name. `Operations` defines the types of inputs and results. */
export type CallOperation = (name: OperationName, input?: Input) => Promise<unknown>;

type Send = (request: Request) => Promise<Response>;

/** Sends a request. Rejects with a `NetworkError` if the server is unreachable, unless the request was aborted. */
export async function sendRequest(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    throw request.signal.aborted ? error : new NetworkError(error);
  }
}

/** Creates the function that calls operations of the server at `baseUrl`. Public operations send no token. */
export function createCallOperation(baseUrl: string, sendWithToken: Send): CallOperation {
  const http = createFetch({ baseUrl });
  const request = http.request as unknown as (
    method: string,
    path: string,
    init: Record<string, unknown>,
  ) => Promise<{ data?: unknown; error?: unknown; response: Response }>;

  return async (name, input = {}) => {
    const route: Route = routes[name];
    const { body, ifMatch, idempotencyKey, signal, ...parameters } = input;
    const { data, error, response } = await request(route.method, route.path, {
      params: splitParameters(route.path, parameters),
      headers: {
        "If-Match": ifMatch,
        "Idempotency-Key": route.creates ? `"${idempotencyKey ?? newIdempotencyKey()}"` : undefined,
      },
      body,
      ...(signal && { signal }),
      fetch: route.public ? sendRequest : sendWithToken,
    });
    if (!response.ok) throw problemFrom(response, error);
    if (route.paged) return pageFrom(data as unknown[], response.headers);
    const etag = response.headers.get("ETag");
    return etag ? { ...(data as object), etag } : data;
  };
}

/** Splits parameters into those of the path template and those of the query. */
function splitParameters(template: string, parameters: Record<string, unknown>) {
  const path: Record<string, unknown> = {};
  const query: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(parameters)) {
    (template.includes(`{${name}}`) ? path : query)[name] = value;
  }
  return { path, query };
}

/** Returns a random idempotency key. `crypto.randomUUID` would require HTTPS or localhost. */
export function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(36)).join("-");
}
