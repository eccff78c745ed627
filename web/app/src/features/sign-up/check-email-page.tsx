import { client } from "../../lib/session";
import { AuthPage } from "../../ui/auth-page";
import { ButtonLink } from "../../ui/links";
import { ResendButton } from "../../ui/resend-button";

/** Shown after sign-up if the server requires a verified email to sign in. */
export function CheckEmailPage({ email }: { email: string }) {
  return (
    <AuthPage
      title="Check your email"
      description={
        <>
          Your account was created. Open the link we sent to <strong className="font-medium text-text">{email}</strong>{" "}
          to verify your email address, then sign in.
        </>
      }
      footer={
        <span className="inline-flex items-center gap-2">
          Didn't get it? <ResendButton send={() => client.resendVerificationEmail({ body: { email } })} />
        </span>
      }
    >
      <ButtonLink to="/sign-in" size="lg" className="w-full">
        Go to sign in
      </ButtonLink>
    </AuthPage>
  );
}
