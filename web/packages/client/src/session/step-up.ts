import { problemFrom } from "../problem.js";
import type { ProofMethod } from "../schema.gen.js";

/** The request to the user to prove again who they are. */
export interface StepUpRequired {
  /** The methods that the user can choose from. */
  readonly methods: readonly ProofMethod[];
  /** How long a proof suffices, in seconds. */
  readonly maxAge: number;
}

/**
 * Asks the user for a proof of identity and sends it with `client.stepUp`. Resolves with whether the server accepted one.
 */
export type StepUpHandler = (request: StepUpRequired) => Promise<boolean>;

/** The step-up of all calls of a client, one at a time. */
export interface StepUp {
  onRequired(handler: StepUpHandler): () => void;
  /**
   * Returns a function that handles the response to a call that is about to be sent: if it is `step_up_required`, the
   * function asks the user, unless they have proved their identity since, and returns whether to repeat the call.
   */
  watch(): (response: Response) => Promise<boolean>;
}

/** Creates the step-up of a client. Of several handlers, the latest one is called. */
export function createStepUp(): StepUp {
  let handlers: StepUpHandler[] = [];
  let pending: Promise<boolean> | undefined;
  let completed = 0;

  async function ask(request: StepUpRequired): Promise<boolean> {
    const succeeded = (await handlers.at(-1)?.(request)) ?? false;
    if (succeeded) completed += 1;
    return succeeded;
  }

  return {
    onRequired(handler) {
      handlers.push(handler);
      return () => {
        handlers = handlers.filter((other) => other !== handler);
      };
    },
    watch() {
      const completedBefore = completed;
      return async (response) => {
        if (response.status !== 403) return false;
        const { code, methods, max_age } = problemFrom(
          response,
          await response
            .clone()
            .json()
            .catch(() => null),
        );
        if (code !== "step_up_required") return false;
        if (completed !== completedBefore) return true;
        pending ??= ask({ methods, maxAge: max_age ?? 0 }).finally(() => {
          pending = undefined;
        });
        return pending;
      };
    },
  };
}
