import type { Project } from "@vestibule/client";
import * as z from "zod/mini";
import { optional, reference, text } from "../../lib/field-values";

/** Converts between the values of the forms and those of the API. */
export const projectSchema = z.object({
  name: text({ max: 200 }),
  description: optional(text({ max: 10_000 })),
  archived: z.boolean(),
  owner_id: reference(),
});

export type ProjectValues = z.input<typeof projectSchema>;

/** Converts a project to the values of its form. */
export const toValues = (project: Project): ProjectValues => z.encode(projectSchema, project);

/** The replacements for messages of the server. */
export const texts = {
  "name:taken": "A project with this name already exists.",
  "owner_id:unknown": "This user no longer exists. Select another one.",
};
