import { createFileRoute } from "@tanstack/react-router";
import { infiniteProjectsQuery } from "@vestibule/client/query";
import { ProjectsPage } from "../../../../features/projects/projects-page";
import { parseProjectsSearch, toProjectFilters } from "../../../../features/projects/search";
import { client, requirePermission } from "../../../../lib/session";

export const Route = createFileRoute("/_app/admin/projects/")({
  validateSearch: parseProjectsSearch,
  beforeLoad: () => requirePermission("projects:read"),
  loaderDeps: ({ search }) => toProjectFilters(search),
  loader: ({ context, deps }) => void context.queryClient.prefetchInfiniteQuery(infiniteProjectsQuery(client, deps)),
  component: ProjectsRoute,
});

function ProjectsRoute() {
  return <ProjectsPage search={Route.useSearch()} />;
}
