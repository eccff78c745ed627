/** The password policy in `GET /api/settings`. */
export interface PasswordPolicy {
  min_length: number;
  max_length: number;
}

export interface PasswordRule {
  text: string;
  met: boolean;
}

/** Checks the rules that need no request. The server decides, and also rejects common passwords. */
export function passwordRules(password: string, email: string | undefined, policy: PasswordPolicy): PasswordRule[] {
  const length = passwordLength(password);
  const rules = [{ text: `At least ${policy.min_length} characters`, met: length >= policy.min_length }];
  if (length > policy.max_length) {
    rules.push({ text: `At most ${policy.max_length} characters`, met: false });
  }
  if (email) {
    rules.push({ text: "Not your email address", met: length > 0 && fold(password) !== fold(email) });
  }
  return rules;
}

/** Counts code points of the NFC form, like the server. */
export function passwordLength(password: string): number {
  return [...password.normalize("NFC")].length;
}

function fold(text: string): string {
  return text.normalize("NFKC").toLowerCase().trim();
}
