import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx";

export type NoticeTone = "info" | "success" | "warning" | "danger";

const tones = {
  info: { className: "bg-accent-soft text-accent-text", Icon: Info },
  success: { className: "bg-success-soft text-success-text", Icon: CircleCheck },
  warning: { className: "bg-warning-soft text-warning-text", Icon: TriangleAlert },
  danger: { className: "bg-danger-soft text-danger-text", Icon: CircleAlert },
} as const;

interface NoticeProps {
  tone?: NoticeTone;
  title?: ReactNode;
  children?: ReactNode;
  /** A button or link that resolves the problem. */
  action?: ReactNode;
  className?: string;
}

/** A colored message box. `danger` interrupts screen readers; the other tones are announced politely. */
export function Notice({ tone = "info", title, children, action, className }: NoticeProps) {
  const { className: toneClass, Icon } = tones[tone];
  return (
    <div
      role={tone === "danger" ? "alert" : "status"}
      className={cx("flex items-start gap-2.5 rounded-md px-3 py-2.5 text-sm", toneClass, className)}
    >
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 flex-1">
        {title && <p className="font-medium">{title}</p>}
        {children && <div className="text-text">{children}</div>}
      </div>
      {action && <div className="shrink-0">{action}</div>}
    </div>
  );
}
