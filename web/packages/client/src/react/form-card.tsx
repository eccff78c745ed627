"use client";

import { type FormEvent, type ReactNode, type Ref, useId } from "react";

/** The place that a link leads to: a URL, or a function that shows it, such as `() => navigate("/sign-up")`. */
export type LinkTarget = string | (() => void);

/** A link for a URL, and a button for a function. */
export function TextLink({ to, children }: { to: LinkTarget; children: ReactNode }) {
  if (typeof to === "string") {
    return (
      <a className="vestibule-link" href={to}>
        {children}
      </a>
    );
  }
  return (
    <button type="button" className="vestibule-link" onClick={to}>
      {children}
    </button>
  );
}

interface FormCardProps {
  title: string;
  className: string;
  formRef: Ref<HTMLFormElement>;
  onSubmit(event: FormEvent<HTMLFormElement>): void;
  children: ReactNode;
}

/** A form with a title, which also names it. */
export function FormCard({ title, className, formRef, onSubmit, children }: FormCardProps) {
  const id = useId();
  return (
    <form
      ref={formRef}
      onSubmit={onSubmit}
      noValidate
      className={`vestibule vestibule-card ${className}`}
      aria-labelledby={id}
    >
      <h2 id={id} className="vestibule-title">
        {title}
      </h2>
      {children}
    </form>
  );
}

/** A message in place of a form. Screen readers announce it, and the focus moves to it. */
export function MessageCard({ title, className, children }: { title: string; className: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={`vestibule vestibule-card ${className}`} aria-labelledby={id}>
      <h2 id={id} className="vestibule-title" tabIndex={-1} ref={focus}>
        {title}
      </h2>
      <div role="status">{children}</div>
    </section>
  );
}

function focus(element: HTMLElement | null) {
  element?.focus();
}

/** The error of a form, which screen readers announce. */
export function FormError({ children }: { children: ReactNode }) {
  return (
    <div role="alert" className="vestibule-alert">
      {children}
    </div>
  );
}

/** A button of less weight next to the one that submits. It stays focusable while it is busy. */
export function SecondaryButton(props: { busy?: boolean; onClick: () => void; children: ReactNode }) {
  const { busy = false, onClick, children } = props;
  return (
    <button type="button" className="vestibule-secondary" aria-disabled={busy} aria-busy={busy} onClick={onClick}>
      {children}
    </button>
  );
}

/** The button that submits the form. It stays focusable while the request is sent. */
export function SubmitButton({ busy, children }: { busy: boolean; children: ReactNode }) {
  return (
    <button type="submit" className="vestibule-button" aria-disabled={busy} aria-busy={busy}>
      {children}
    </button>
  );
}
