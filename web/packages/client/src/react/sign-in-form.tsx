import { type FormEvent, type ReactNode, useId, useState } from "react";
import { useSession } from "./use-session.js";

/** An unstyled sign-in form. Style it with `className`, or build your own form with `useSession().signIn`. */
export function SignInForm({ className }: { className?: string }): ReactNode {
  const { signIn } = useSession();
  const id = useId();
  const [errorMessage, setErrorMessage] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setErrorMessage(null);
    try {
      await signIn({ email: String(form.get("email")), password: String(form.get("password")) });
    } catch (error) {
      setErrorMessage(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className={className} onSubmit={submit}>
      <label htmlFor={`${id}-email`}>Email</label>
      <input id={`${id}-email`} name="email" type="email" autoComplete="username" required />
      <label htmlFor={`${id}-password`}>Password</label>
      <input id={`${id}-password`} name="password" type="password" autoComplete="current-password" required />
      {errorMessage !== null && <p role="alert">{errorMessage}</p>}
      <button type="submit" disabled={busy}>
        Sign in
      </button>
    </form>
  );
}
