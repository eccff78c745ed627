import type { ComponentProps } from "react";
import { cx } from "./cx";
import { Spinner } from "./spinner";

export type ButtonVariant = "primary" | "secondary" | "quiet" | "danger" | "danger-secondary";
export type ButtonSize = "sm" | "md" | "lg";

const variants: Record<ButtonVariant, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-hover border-transparent",
  secondary: "bg-surface text-text border-line hover:bg-hover shadow-card",
  quiet: "text-text border-transparent hover:bg-hover",
  danger: "bg-danger text-on-accent hover:bg-danger-hover border-transparent",
  "danger-secondary": "bg-surface text-danger-text border-line hover:bg-danger-soft shadow-card",
};

const sizes: Record<ButtonSize, string> = {
  sm: "h-7 px-2 text-xs gap-1 pointer-coarse:h-9",
  md: "h-8 px-3 text-sm gap-1.5 pointer-coarse:h-10",
  lg: "h-10 px-4 text-base gap-2",
};

export interface ButtonStyle {
  /** Use `primary` at most once per view. */
  variant?: ButtonVariant;
  size?: ButtonSize;
}

/** Returns the class names of a button, for links that look like buttons (`ButtonLink`) and menu triggers. */
export function buttonClass({ variant = "secondary", size = "md" }: ButtonStyle = {}): string {
  return cx(
    "inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap rounded-md border font-medium transition-colors",
    "disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-not-allowed aria-disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0",
    variants[variant],
    sizes[size],
  );
}

interface ButtonProps extends ComponentProps<"button">, ButtonStyle {
  /** Shows a spinner and ignores clicks. The button keeps its focus and its width. */
  busy?: boolean;
}

export function Button({ variant, size, busy = false, className, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={cx(buttonClass({ variant, size }), "relative", className)}
    >
      {busy && <Spinner className="absolute" />}
      <span className={cx("inline-flex items-center justify-center gap-[inherit]", busy && "invisible")}>
        {children}
      </span>
    </button>
  );
}

/** Returns the class names of a square icon button, for menu triggers. */
export function iconButtonClass(size: "sm" | "md" = "md"): string {
  return cx(
    "inline-flex shrink-0 items-center justify-center rounded-md text-muted transition-colors hover:bg-hover hover:text-text data-popup-open:bg-hover data-popup-open:text-text [&_svg]:size-4",
    size === "sm" ? "size-7 pointer-coarse:size-9" : "size-8 pointer-coarse:size-10",
  );
}
