import * as z from "zod/mini";
import { optional, text } from "../../lib/field-values";

export const inviteSchema = z
  .object({
    email: text({ required: "Enter an email address." }),
    display_name: optional(text({ max: 200 })),
    roles: z.array(z.string()),
    sets_password: z.boolean(),
    password: z.string(),
  })
  .check(
    z.refine(({ sets_password, password }) => !sets_password || password !== "", {
      path: ["password"],
      error: "Enter a password, or send an invitation instead.",
    }),
  );
