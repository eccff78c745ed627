import { type FormEvent, useId } from "react";
import type { UserCreate } from "../hooks/useUsers";

interface Props {
  title: string;
  action: string;
  passwordKind: "current-password" | "new-password";
  busy: boolean;
  error: Error | null;
  onSubmit: (credentials: UserCreate) => Promise<unknown>;
}

/** A form for an email and a password, emptied when what it asks for is done. */
export function CredentialsForm({ title, action, passwordKind, busy, error, onSubmit }: Props) {
  const id = useId();

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    await onSubmit({ email: String(data.get("email")), password: String(data.get("password")) }).then(
      () => form.reset(),
      () => {}, // it is shown below
    );
  }

  return (
    <form onSubmit={submit} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      <label htmlFor={`${id}-email`}>Email</label>
      <input id={`${id}-email`} name="email" type="email" autoComplete="username" required />
      <label htmlFor={`${id}-password`}>Password</label>
      <input id={`${id}-password`} name="password" type="password" autoComplete={passwordKind} required />
      {error && <p role="alert">{error.message}</p>}
      <button type="submit" disabled={busy}>
        {action}
      </button>
    </form>
  );
}
