import { ButtonLink } from "../../ui/links";
import { resendVerification } from "./api";
import { AuthPage } from "./auth-page";
import { ResendButton } from "./resend-button";

/** After signing up where addresses must be verified before the first sign-in. */
export function SignedUp({ email }: { email: string }) {
  return (
    <AuthPage
      title="Look in your mail"
      description={
        <>
          Your account is made. Open the link that was sent to{" "}
          <strong className="font-medium text-text">{email}</strong> to verify the address; then you can sign in.
        </>
      }
      footer={
        <span className="inline-flex items-center gap-2">
          Nothing there? <ResendButton send={() => resendVerification({ email })} />
        </span>
      }
    >
      <ButtonLink to="/sign-in" size="lg" className="w-full">
        Go to sign in
      </ButtonLink>
    </AuthPage>
  );
}
