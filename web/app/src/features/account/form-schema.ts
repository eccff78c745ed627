import * as z from "zod/mini";
import { optional, text } from "../../lib/field-values";

export const profileSchema = z.object({ display_name: optional(text({ max: 200 })) });

export const changePasswordSchema = z.object({
  current_password: z.string().check(z.minLength(1, "Enter your current password.")),
  new_password: z.string().check(z.minLength(1, "Choose a password.")),
});

export const changeEmailSchema = z.object({ new_email: text({ required: "Enter your new email address." }) });
