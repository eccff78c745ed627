import * as z from "zod/mini";
import { optional, text } from "../../lib/field-values";

const currentPassword = z.string().check(z.minLength(1, "Enter your current password."));

export const profileSchema = z.object({ display_name: optional(text({ max: 200 })) });

export const changePasswordSchema = z.object({
  current_password: currentPassword,
  new_password: z.string().check(z.minLength(1, "Choose a password.")),
});

export const changeEmailSchema = z.object({
  new_email: text({ required: "Enter your new email address." }),
  current_password: currentPassword,
});

export const deleteAccountSchema = z.object({ current_password: currentPassword });

/** The error texts of every form that asks for the current password. */
export const currentPasswordTexts = {
  "current_password:wrong_password": "The current password is incorrect.",
};
