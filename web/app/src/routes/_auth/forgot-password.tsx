import { createFileRoute } from "@tanstack/react-router";
import { requestPasswordReset } from "../../features/auth/api";
import { AuthPage } from "../../features/auth/auth-page";
import { LinkForm } from "../../features/auth/link-form";
import { TextLink } from "../../ui/links";

export const Route = createFileRoute("/_auth/forgot-password")({ component: ForgotPassword });

function ForgotPassword() {
  return (
    <AuthPage
      title="Choose a new password"
      description="Enter your email address. You will get a link with which to set a new password."
      footer={<TextLink to="/sign-in">Back to sign in</TextLink>}
    >
      <LinkForm send={requestPasswordReset} action="Send the link" />
    </AuthPage>
  );
}
