import { isProblem, NetworkError } from "../problem.js";

/**
 * For `retry` in the defaults of a QueryClient: tries again, thrice at most, when the server was out of reach or
 * overloaded. What it has refused it will refuse again.
 */
export function retryTransient(failures: number, error: Error): boolean {
  const transient = error instanceof NetworkError || (isProblem(error) && error.status >= 500);
  return transient && failures < 3;
}
