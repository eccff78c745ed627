import { type FormEvent, type ReactNode, useId, useState } from "react";
import { useSession } from "./use-session.js";

/** A plain form to sign in with, to be styled by `className` or replaced by one that calls `useSession().signIn`. */
export function SignInForm({ className }: { className?: string }): ReactNode {
  const { signIn } = useSession();
  const id = useId();
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setRefusal(null);
    try {
      await signIn({ email: String(form.get("email")), password: String(form.get("password")) });
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : String(error));
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
      {refusal !== null && <p role="alert">{refusal}</p>}
      <button type="submit" disabled={busy}>
        Sign in
      </button>
    </form>
  );
}
