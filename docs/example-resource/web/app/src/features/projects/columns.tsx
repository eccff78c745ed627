import { Link } from "@tanstack/react-router";
import type { Project } from "@vestibule/client";
import { formatBoolean } from "../../lib/format";
import { type Column, wideCell } from "../../ui/list-view";
import { RelativeTime } from "../../ui/relative-time";

/** The columns of the list of projects. */
export const columns: Column<Project>[] = [
  {
    key: "name",
    header: "Name",
    rowHeader: true,
    className: "w-full min-w-40 max-w-0",
    cell: (project) => (
      <Link
        to="/admin/projects/$projectId"
        params={{ projectId: project.id }}
        className="block truncate rounded-sm font-medium hover:underline"
      >
        {project.name}
      </Link>
    ),
  },
  { key: "archived", header: "Archived", className: wideCell, cell: (project) => formatBoolean(project.archived) },
  {
    key: "created_at",
    header: "Created",
    className: wideCell,
    cell: (project) => <RelativeTime value={project.created_at} />,
  },
];
