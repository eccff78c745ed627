import type { ReactNode } from "react";

interface EmptyStateProps {
  icon?: ReactNode;
  /** "No users yet" */
  title: string;
  /** Explains why the list is empty or when items appear. */
  description?: ReactNode;
  /** A button or link that adds or reveals items. */
  action?: ReactNode;
}

export function EmptyState({ icon, title, description, action }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center px-5 py-12 text-center">
      {icon && (
        <span aria-hidden="true" className="mb-3 rounded-lg border border-line p-2.5 text-muted [&_svg]:size-5">
          {icon}
        </span>
      )}
      <p className="font-medium">{title}</p>
      {description && <div className="mt-1 max-w-sm text-balance text-muted text-sm">{description}</div>}
      {action && <div className="mt-4">{action}</div>}
    </div>
  );
}
