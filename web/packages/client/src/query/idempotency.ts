import { newIdempotencyKey } from "../http.js";
import { NetworkError } from "../problem.js";

const keys = new WeakMap<object, string>();

/** Returns the key of an input, the same for every retry with that object. */
function keyFor(input: object): string {
  const key = keys.get(input) ?? newIdempotencyKey();
  keys.set(input, key);
  return key;
}

/** The input of an operation that creates a resource. */
export interface CreateInput {
  body: unknown;
  idempotencyKey?: string | undefined;
}

/**
 * Returns mutation options that create a resource at most once. After a network failure the mutation is retried up to
 * two times with the same idempotency key. Once it has settled, the same input creates another resource.
 */
export function idempotentCreate<Input extends CreateInput, Created>(create: (input: Input) => Promise<Created>) {
  return {
    mutationFn: (input: Input) => create({ ...input, idempotencyKey: input.idempotencyKey ?? keyFor(input) }),
    retry: (failures: number, error: Error) => error instanceof NetworkError && failures < 2,
    onSettled: (_created: Created | undefined, _error: Error | null, input: Input) => {
      keys.delete(input);
    },
  };
}
