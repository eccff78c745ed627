const unloaded = new WeakSet<Error>();

addEventListener("vite:preloadError", ({ payload }) => unloaded.add(payload));

/**
 * Whether an error says that a part of the program did not come: the server is away, or it has another release by
 * now, whose parts have other names.
 */
export function isUnloaded(error: unknown): boolean {
  return error instanceof Error && unloaded.has(error);
}
