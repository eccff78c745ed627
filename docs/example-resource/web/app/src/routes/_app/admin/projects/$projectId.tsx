import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, notFound } from "@tanstack/react-router";
import { projectQuery } from "@vestibule/client/query";
import { ProjectPage } from "../../../../features/projects/project-page";
import { client, requirePermission } from "../../../../lib/session";
import { isUuid } from "../../../../lib/uuid";

export const Route = createFileRoute("/_app/admin/projects/$projectId")({
  beforeLoad: () => requirePermission("projects:read"),
  loader: ({ context, params }) => {
    if (!isUuid(params.projectId)) throw notFound();
    return context.queryClient.ensureQueryData(projectQuery(client, params.projectId));
  },
  component: ProjectRoute,
});

function ProjectRoute() {
  const { data: project } = useSuspenseQuery(projectQuery(client, Route.useParams().projectId));
  // The key resets the form when the project changes.
  return <ProjectPage key={project.id} project={project} />;
}
