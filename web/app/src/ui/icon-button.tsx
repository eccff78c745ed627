import type { ComponentProps, ReactNode } from "react";
import { iconButtonClass } from "./button";
import { cx } from "./cx";
import { Tooltip } from "./tooltip";

interface IconButtonProps extends Omit<ComponentProps<"button">, "children"> {
  /** The accessible name and the tooltip. */
  label: string;
  icon: ReactNode;
  size?: "sm" | "md";
}

/** A square button that shows only an icon. Menu triggers use `iconButtonClass()` instead. */
export function IconButton({ label, icon, size = "md", className, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <button type="button" {...rest} aria-label={label} className={cx(iconButtonClass(size), className)}>
        {icon}
      </button>
    </Tooltip>
  );
}
