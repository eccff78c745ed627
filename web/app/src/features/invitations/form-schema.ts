import * as z from "zod/mini";

export const inviteSchema = z
  .object({
    email: z.string().check(z.trim(), z.minLength(1, "Enter an email address.")),
    display_name: z.string().check(z.trim(), z.maxLength(200, "Use at most 200 characters.")),
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
