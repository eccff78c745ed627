import * as z from "zod/mini";

const namePattern = /^[a-z][a-z0-9_-]{0,39}$/;

export const nameHint = "Use up to 40 lowercase letters, digits, - and _. Start with a letter.";

export const roleSchema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, "Enter a name."), z.regex(namePattern, nameHint)),
  description: z.string().check(z.trim(), z.maxLength(500, "Use at most 500 characters.")),
});

export const nameTaken = "A role with this name already exists.";
