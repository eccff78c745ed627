import type { FormSchema } from "./api-form";

/**
 * A schema of texts that must not be blank, each with what to say when it is (`null` where it may be). The
 * pages before the sign-in need nothing more, and so load no library for it.
 */
export function requiredTexts<Name extends string>(
  messages: Record<Name, string | null>,
): FormSchema<Record<Name, string>> {
  return {
    safeParse(values) {
      const data = values as Record<Name, string>;
      const issues = Object.entries<string | null>(messages).flatMap(([name, message]) =>
        message !== null && data[name as Name].trim() === "" ? [{ path: [name], code: "required", message }] : [],
      );
      return issues.length === 0 ? { success: true, data } : { success: false, error: { issues } };
    },
  };
}
