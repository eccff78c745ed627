import * as z from "zod/mini";

/**
 * What can be said before asking the server, which alone decides. Addresses are checked for being there
 * at all, and passwords of a sign-in for nothing: rules would tell what was once allowed.
 */
const email = z.string().check(z.trim(), z.minLength(1, "Enter your email address."));
const newPassword = z.string().check(z.minLength(1, "Choose a password."));

export const signInSchema = z.object({
  email,
  password: z.string().check(z.minLength(1, "Enter your password.")),
});

export const signUpSchema = z.object({
  email,
  password: newPassword,
  display_name: z.string().check(z.trim(), z.maxLength(200, "At most 200 characters.")),
});

export const setUpSchema = z.object({ email, password: newPassword });

export const linkSchema = z.object({ email });

export const resetSchema = z.object({ new_password: newPassword });

export const verifySchema = z.object({
  password: z.string().check(z.minLength(1, "Enter the account's password.")),
});
