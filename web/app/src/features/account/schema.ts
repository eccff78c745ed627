import * as z from "zod/mini";

const currentPassword = z.string().check(z.minLength(1, "Enter your current password."));

export const profileSchema = z.object({
  display_name: z.string().check(z.trim(), z.maxLength(200, "At most 200 characters.")),
});

export const passwordSchema = z.object({
  current_password: currentPassword,
  new_password: z.string().check(z.minLength(1, "Choose a password.")),
});

export const emailSchema = z.object({
  new_email: z.string().check(z.trim(), z.minLength(1, "Enter the new address.")),
  current_password: currentPassword,
});

export const deleteSchema = z.object({ current_password: currentPassword });
