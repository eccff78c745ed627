import * as z from "zod/mini";

const currentPassword = z.string().check(z.minLength(1, "Enter your current password."));

export const profileSchema = z.object({
  display_name: z.string().check(z.trim(), z.maxLength(200, "Use at most 200 characters.")),
});

export const changePasswordSchema = z.object({
  current_password: currentPassword,
  new_password: z.string().check(z.minLength(1, "Choose a password.")),
});

export const changeEmailSchema = z.object({
  new_email: z.string().check(z.trim(), z.minLength(1, "Enter your new email address.")),
  current_password: currentPassword,
});

export const deleteAccountSchema = z.object({ current_password: currentPassword });

/** The error texts of every form that asks for the current password. */
export const currentPasswordTexts = {
  "current_password:wrong_password": "The current password is incorrect.",
};
