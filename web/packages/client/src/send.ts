import { NetworkError } from "./problem.js";

/** `fetch` that tells a server out of reach from a call that was given up. */
export async function send(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    throw request.signal.aborted ? error : new NetworkError(error);
  }
}
