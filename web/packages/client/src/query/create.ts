import { newKey } from "../invoke.js";
import { NetworkError } from "../problem.js";

const keys = new WeakMap<object, string>();

/** One key for one thing to be made, however often it is sent. */
function keyOf(body: object): string {
  const key = keys.get(body) ?? newKey();
  keys.set(body, key);
  return key;
}

/**
 * Options of a mutation that makes something: when the answer is lost it is sent again with the same key, so that
 * it is made once. Afterwards the same body stands for another.
 */
export function createOnce<Body extends object, Made>(
  create: (input: { body: Body; idempotencyKey: string }) => Promise<Made>,
) {
  return {
    mutationFn: (body: Body) => create({ body, idempotencyKey: keyOf(body) }),
    retry: (failures: number, error: Error) => error instanceof NetworkError && failures < 2,
    onSettled: (_made: Made | undefined, _error: Error | null, body: Body) => {
      keys.delete(body);
    },
  };
}
