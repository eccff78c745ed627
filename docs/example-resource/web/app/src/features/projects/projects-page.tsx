import { useNavigate } from "@tanstack/react-router";
import { useInfiniteProjects } from "@vestibule/client/query";
import { FolderOpen, Plus } from "lucide-react";
import { lazy, Suspense } from "react";
import { clearFilters, hasFilters } from "../../lib/search-params";
import { useCan } from "../../lib/session";
import { Button } from "../../ui/button";
import { EmptyState } from "../../ui/empty-state";
import { PageHeader } from "../../ui/page-header";
import { PagedList } from "../../ui/paged-list";
import { columns } from "./columns";
import { ProjectsFilterBar } from "./filter-bar";
import { type ProjectsSearch, parseProjectsSearch, toProjectFilters } from "./search";

const CreateProjectDialog = lazy(() => import("./create-project-dialog"));

export function ProjectsPage({ search }: { search: ProjectsSearch }) {
  const navigate = useNavigate({ from: "/admin/projects/" });
  const canCreate = useCan()("projects:write");
  const projects = useInfiniteProjects(toProjectFilters(search));

  function change(change: ProjectsSearch, replace = false) {
    void navigate({ search: (before) => parseProjectsSearch({ ...before, ...change }), replace, resetScroll: false });
  }

  return (
    <>
      <PageHeader
        title="Projects"
        actions={
          canCreate && (
            <Button variant="primary" onClick={() => change({ create: true })}>
              <Plus aria-hidden />
              New project
            </Button>
          )
        }
      />
      <ProjectsFilterBar search={search} onChange={change} />
      <PagedList
        label="projects"
        query={projects}
        columns={columns}
        empty={<EmptyState icon={<FolderOpen />} title="No projects yet" description="New projects appear here." />}
        onClearFilters={hasFilters(search) ? () => change(clearFilters(search)) : undefined}
        onRowClick={({ id }) => void navigate({ to: "/admin/projects/$projectId", params: { projectId: id } })}
      />
      {canCreate && (
        <Suspense>
          {search.create && <CreateProjectDialog onClose={() => change({ create: undefined }, true)} />}
        </Suspense>
      )}
    </>
  );
}
