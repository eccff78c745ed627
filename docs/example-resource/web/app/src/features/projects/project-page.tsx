import { useNavigate } from "@tanstack/react-router";
import type { Project, Versioned } from "@vestibule/client";
import { useDeleteProject, useUpdateProject } from "@vestibule/client/query";
import { useCan } from "../../lib/session";
import { useEditForm } from "../../lib/use-edit-form";
import { Section, SettingsLayout } from "../../ui/card";
import { DeleteButton } from "../../ui/delete-button";
import { EditForm } from "../../ui/edit-form";
import { BackLink } from "../../ui/links";
import { PageHeader } from "../../ui/page-header";
import { RelativeTime } from "../../ui/relative-time";
import { toast } from "../../ui/toast";
import { projectSchema, texts, toValues } from "./form-schema";
import { ProjectFields } from "./project-fields";

/** The page of a project, which is editable with projects:write. */
export function ProjectPage({ project }: { project: Versioned<Project> }) {
  const can = useCan();
  return (
    <SettingsLayout>
      <PageHeader
        title={project.name}
        back={<BackLink to="/admin/projects">Projects</BackLink>}
        description={
          <>
            Created <RelativeTime value={project.created_at} />
          </>
        }
        actions={can("projects:delete") && <DeleteProjectButton project={project} />}
      />
      <ProjectForm project={project} readOnly={!can("projects:write")} />
    </SettingsLayout>
  );
}

function ProjectForm({ project, readOnly }: { project: Versioned<Project>; readOnly: boolean }) {
  const update = useUpdateProject();
  const edit = useEditForm({
    latest: project,
    schema: projectSchema,
    toValues,
    save: (body, { id, etag }) => update.mutateAsync({ project_id: id, body, ifMatch: etag }),
    onSaved: () => toast.success("Project saved"),
    texts,
  });

  return (
    <Section title="Details" description={readOnly && "Requires projects:write to edit."}>
      <EditForm edit={edit} resource="project" readOnly={readOnly}>
        <ProjectFields {...edit} />
      </EditForm>
    </Section>
  );
}

function DeleteProjectButton({ project }: { project: Versioned<Project> }) {
  const navigate = useNavigate();
  return (
    <DeleteButton
      resource="project"
      name={project.name}
      mutation={useDeleteProject()}
      input={{ project_id: project.id, ifMatch: project.etag }}
      onDeleted={() => void navigate({ to: "/admin/projects" })}
    />
  );
}
