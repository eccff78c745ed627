import type { ReactNode } from "react";

interface PageHeaderProps {
  title: string;
  /** A line under the title. */
  description?: ReactNode;
  /** Shown above the title: a link to the list, `<BackLink to="/admin/users">Users</BackLink>`. */
  back?: ReactNode;
  /** Buttons; the primary one last. */
  actions?: ReactNode;
}

/** The header of a page: its only `<h1>`, which also sets the document title. */
export function PageHeader({ title, description, back, actions }: PageHeaderProps) {
  return (
    <header className="mb-6">
      <title>{`${title} · Vestibule`}</title>
      {back && <div className="mb-1">{back}</div>}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h1 tabIndex={-1} className="truncate font-semibold text-xl tracking-tight">
            {title}
          </h1>
          {description && <div className="mt-0.5 text-muted">{description}</div>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
    </header>
  );
}
