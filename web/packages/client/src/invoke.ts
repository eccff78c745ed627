import createFetch from "openapi-fetch";
import type { OperationName } from "./operation.js";
import { pageFrom } from "./page.js";
import { problemFrom } from "./problem.js";
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

/** Calls an operation by its name; what it takes and answers is typed by `Operations`. */
export type Invoke = (name: OperationName, input?: Input) => Promise<unknown>;

type Send = (request: Request) => Promise<Response>;

/** Makes what calls operations of the server at `baseUrl`, with a token except where anyone may call. */
export function createInvoke(baseUrl: string, sendWithToken: Send, sendPublic: Send): Invoke {
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
      params: split(route.path, parameters),
      headers: {
        "If-Match": ifMatch,
        "Idempotency-Key": route.creates ? `"${idempotencyKey ?? newKey()}"` : undefined,
      },
      body,
      ...(signal && { signal }),
      fetch: route.public ? sendPublic : sendWithToken,
    });
    if (!response.ok) throw problemFrom(response, error);
    if (route.paged) return pageFrom(data as unknown[], response.headers);
    const etag = response.headers.get("ETag");
    return etag ? { ...(data as object), etag } : data;
  };
}

/** Tells the parameters of the path from those of the query. */
function split(template: string, parameters: Record<string, unknown>) {
  const path: Record<string, unknown> = {};
  const query: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(parameters)) {
    (template.includes(`{${name}}`) ? path : query)[name] = value;
  }
  return { path, query };
}

/** A key under which the server carries out a call once. `randomUUID` is missing on plain http, save on localhost. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(36)).join("-");
}
