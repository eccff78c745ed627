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
  return async (name, input = {}) => {
    const route: Route = routes[name];
    const { body, ifMatch, idempotencyKey, signal = null, ...parameters } = input;
    const headers = new Headers();
    if (body !== undefined) headers.set("Content-Type", "application/json");
    if (ifMatch) headers.set("If-Match", ifMatch);
    if (route.creates) headers.set("Idempotency-Key", `"${idempotencyKey ?? newIdempotencyKey()}"`);
    const url = baseUrl + pathAndQuery(route.path, parameters);
    const request = new Request(url, { method: route.method, headers, body: JSON.stringify(body) ?? null, signal });

    const response = await (route.public ? sendRequest : sendWithToken)(request);
    if (!response.ok) throw problemFrom(response, await response.json().catch(() => null));
    const text = await response.text();
    const data = text ? JSON.parse(text) : undefined;
    if (route.paged) return pageFrom(data, response.headers);
    const etag = response.headers.get("ETag");
    return etag ? { ...data, etag } : data;
  };
}

/** Fills in the parameters of the path template, and appends all others that are defined as the query. */
function pathAndQuery(template: string, parameters: Record<string, unknown>): string {
  let path = template;
  const query: string[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    const encoded = encodeURIComponent(String(value));
    if (template.includes(`{${name}}`)) path = path.replace(`{${name}}`, encoded);
    else if (value !== undefined && value !== null) query.push(`${name}=${encoded}`);
  }
  return query.length > 0 ? `${path}?${query.join("&")}` : path;
}

/** Returns a random idempotency key. `crypto.randomUUID` would require HTTPS or localhost. */
export function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(36)).join("-");
}
