import { useNavigate } from "@tanstack/react-router";
import { useCreateProject } from "@vestibule/client/query";
import { useApiForm } from "../../lib/api-form";
import { emptyValues } from "../../lib/field-values";
import { Dialog } from "../../ui/dialog";
import { DialogForm } from "../../ui/dialog-form";
import { projectSchema, texts } from "./form-schema";
import { ProjectFields } from "./project-fields";

/** Creates a project and opens its page. */
export default function CreateProjectDialog({ onClose }: { onClose(): void }) {
  const navigate = useNavigate();
  const create = useCreateProject();
  const form = useApiForm({
    schema: projectSchema,
    defaultValues: emptyValues(projectSchema),
    send: (body) => create.mutateAsync({ body }),
    onSuccess: ({ id }) => navigate({ to: "/admin/projects/$projectId", params: { projectId: id } }),
    texts,
  });

  return (
    <Dialog open onOpenChange={onClose} title="New project">
      <DialogForm form={form} errorTitle="Could not create the project" action="Create project" onCancel={onClose}>
        <ProjectFields {...form} />
      </DialogForm>
    </Dialog>
  );
}
