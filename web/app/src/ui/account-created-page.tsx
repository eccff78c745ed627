import { AuthPage } from "./auth-page";
import { FormError } from "./form-error";
import { ButtonLink } from "./links";

interface AccountCreatedPageProps {
  /** "Your account was created" */
  title: string;
  /** The error of the sign-in that followed. */
  failure: unknown;
}

/** Shown if an account was created, but the sign-in that followed failed. */
export function AccountCreatedPage({ title, failure }: AccountCreatedPageProps) {
  return (
    <AuthPage title={title} description="Sign in with the email and password that you have entered.">
      <FormError error={failure} title="Could not sign you in" className="mb-5" />
      <ButtonLink to="/sign-in" variant="primary" size="lg" className="w-full">
        Go to sign in
      </ButtonLink>
    </AuthPage>
  );
}
