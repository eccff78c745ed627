import { createLink, type LinkComponent } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import type { ComponentProps } from "react";
import { type ButtonStyle, buttonClass } from "./button";
import { cx } from "./cx";

function ButtonAnchor({ variant, size, className, ...rest }: ComponentProps<"a"> & ButtonStyle) {
  return <a {...rest} className={cx(buttonClass({ variant, size }), className)} />;
}

/** A link that looks like a button, for the next step. */
export const ButtonLink: LinkComponent<typeof ButtonAnchor> = createLink(ButtonAnchor);

function BackAnchor({ className, children, ...rest }: ComponentProps<"a">) {
  return (
    <a
      {...rest}
      className={cx("-ml-1 inline-flex items-center gap-0.5 rounded-sm text-muted text-sm hover:text-text", className)}
    >
      <ChevronLeft aria-hidden className="size-4" />
      {children}
    </a>
  );
}

/** A link from a detail page back to its list. */
export const BackLink: LinkComponent<typeof BackAnchor> = createLink(BackAnchor);

function TextAnchor({ className, ...rest }: ComponentProps<"a">) {
  return <a {...rest} className={cx("link", className)} />;
}

/** A link inside text. */
export const TextLink: LinkComponent<typeof TextAnchor> = createLink(TextAnchor);
