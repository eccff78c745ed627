import * as z from "zod/mini";

/** What can be said before asking the server, which alone decides. */
const email = z.string().check(z.trim(), z.minLength(1, "Enter the person's email address."));
const display_name = z.string().check(z.trim(), z.maxLength(200, "At most 200 characters."));

export const newUserSchema = z
  .object({ email, display_name, roles: z.array(z.string()), sets_password: z.boolean(), password: z.string() })
  .check(
    z.refine(({ sets_password, password }) => !sets_password || password !== "", {
      path: ["password"],
      error: "Choose a password, or have a link mailed instead.",
    }),
  );

export const userSchema = z.object({ email, display_name, email_verified: z.boolean() });
