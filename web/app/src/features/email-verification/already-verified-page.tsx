import { AuthPage } from "../../ui/auth-page";
import { ButtonLink } from "../../ui/links";

/** The page for a verification link of an address that is verified already, such as a link that is opened twice. */
export function AlreadyVerifiedPage({ email }: { email: string | undefined }) {
  return (
    <AuthPage
      title="Your email address is already verified"
      description={
        email === undefined
          ? "You can sign in now."
          : `You are signed in as ${email}. If the link is for another account, sign out and open it again.`
      }
    >
      <ButtonLink to={email === undefined ? "/sign-in" : "/"} variant="primary" size="lg" className="w-full">
        {email === undefined ? "Go to sign in" : "Continue"}
      </ButtonLink>
    </AuthPage>
  );
}
