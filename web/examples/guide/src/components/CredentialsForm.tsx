import { type FormEvent, useId } from "react";
import type { UserCreate } from "../hooks/useUsers";

interface Props {
  title: string;
  action: string;
  passwordAutoComplete: "current-password" | "new-password";
  busy: boolean;
  /** The error of the last submit. */
  error: Error | null;
  onSubmit: (credentials: UserCreate) => Promise<unknown>;
}

/** A form for an email and a password. It is reset after a successful submit. */
export function CredentialsForm({ title, action, passwordAutoComplete, busy, error, onSubmit }: Props) {
  const id = useId();

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    await onSubmit({ email: String(data.get("email")), password: String(data.get("password")) }).then(
      () => form.reset(),
      () => {}, // the form shows the error
    );
  }

  return (
    <form onSubmit={submit} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      <label htmlFor={`${id}-email`}>Email</label>
      <input id={`${id}-email`} name="email" type="email" autoComplete="username" required />
      <label htmlFor={`${id}-password`}>Password</label>
      <input id={`${id}-password`} name="password" type="password" autoComplete={passwordAutoComplete} required />
      {error && <p role="alert">{error.message}</p>}
      <button type="submit" disabled={busy}>
        {action}
      </button>
    </form>
  );
}
