import { isProblem } from "../problem.js";
import { inPage } from "./browser.js";

const SECOND = 1000;
const MAX_BACKOFF = 60 * SECOND;
const MAX_RETRY_AFTER = 300 * SECOND;

/** Repeats a step until it succeeds. */
export interface Retry {
  /** Starts after the step has failed with `error`. Does nothing if it has started already, or outside a page. */
  start(error: unknown): void;
  stop(): void;
  /** Stops for good. */
  close(): void;
}

/**
 * Creates the repetition of a step, which rejects if it fails. It runs after a growing delay, at least that of the header
 * `Retry-After`, and immediately when the browser is online again or the page becomes visible.
 */
export function createRetry(step: () => Promise<unknown>): Retry {
  let failures = 0;
  let running = false;
  let closed = !inPage;
  let timer: ReturnType<typeof setTimeout>;

  function schedule(error: unknown) {
    const backoff = Math.min(SECOND * 2 ** failures++, MAX_BACKOFF) * (1 - Math.random() / 2);
    const retryAfter = isProblem(error) ? Math.min(Number(error.retryAfter) * SECOND, MAX_RETRY_AFTER) : 0;
    clearTimeout(timer);
    timer = setTimeout(run, Math.max(backoff, retryAfter));
  }

  async function run() {
    try {
      await step();
      stop();
    } catch (error) {
      if (running) schedule(error);
    }
  }

  function runIfVisible() {
    if (!document.hidden) void run();
  }

  function stop() {
    if (!running) return;
    running = false;
    failures = 0;
    clearTimeout(timer);
    removeEventListener("online", run);
    document.removeEventListener("visibilitychange", runIfVisible);
  }

  return {
    start(error) {
      if (running || closed) return;
      running = true;
      schedule(error);
      addEventListener("online", run);
      document.addEventListener("visibilitychange", runIfVisible);
    },
    stop,
    close() {
      closed = true;
      stop();
    },
  };
}
