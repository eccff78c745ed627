import { newIdempotencyKey } from "../http.js";
import { NetworkError } from "../problem.js";

const keys = new WeakMap<object, string>();

/** Returns the key of a request body, the same for every retry with that object. */
function keyFor(body: object): string {
  const key = keys.get(body) ?? newIdempotencyKey();
  keys.set(body, key);
  return key;
}

/**
 * Returns mutation options that create a resource at most once. After a network failure the mutation is retried up to
 * two times with the same idempotency key. Once it has settled, the same body creates another resource.
 */
export function idempotentCreate<Body extends object, Created>(
  create: (input: { body: Body; idempotencyKey: string }) => Promise<Created>,
) {
  return {
    mutationFn: (body: Body) => create({ body, idempotencyKey: keyFor(body) }),
    retry: (failures: number, error: Error) => error instanceof NetworkError && failures < 2,
    onSettled: (_created: Created | undefined, _error: Error | null, body: Body) => {
      keys.delete(body);
    },
  };
}
