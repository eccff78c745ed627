import { useState } from "react";
import { client } from "./session";

/**
 * Signs in to an account that was just created. `signIn` resolves to `false` if that fails; the `failure` must not be
 * shown as if the account had not been created.
 */
export function useFirstSignIn() {
  const [failure, setFailure] = useState<unknown>(null);

  async function signIn(email: string, password: string): Promise<boolean> {
    try {
      await client.session.signIn({ email, password });
      return true;
    } catch (error) {
      setFailure(error);
      return false;
    }
  }
  return { signIn, failure };
}
