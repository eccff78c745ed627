import type { FormFields } from "../../lib/api-form";
import { CheckboxField, TextareaField, TextField } from "../../ui/form-fields";
import { ReferenceField } from "../../ui/reference-field";
import type { ProjectValues } from "./form-schema";

/** The fields of a project, for a new one and an existing one. */
export function ProjectFields({ field, controlled }: FormFields<ProjectValues>) {
  return (
    <>
      <TextField {...field("name")} label="Name" />
      <TextareaField {...field("description")} label="Description" optional />
      <CheckboxField {...field("archived")} label="Archived" />
      <ReferenceField {...controlled("owner_id")} label="Owner" kind="user" />
    </>
  );
}
