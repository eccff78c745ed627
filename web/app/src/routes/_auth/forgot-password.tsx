import { createFileRoute } from "@tanstack/react-router";
import { client } from "../../lib/session";
import { AuthPage } from "../../ui/auth-page";
import { TextLink } from "../../ui/links";
import { RequestLinkForm } from "../../ui/request-link-form";

export const Route = createFileRoute("/_auth/forgot-password")({ component: ForgotPassword });

function ForgotPassword() {
  return (
    <AuthPage
      title="Reset your password"
      description="Enter your email address and we'll send you a link to set a new password."
      footer={<TextLink to="/sign-in">Back to sign in</TextLink>}
    >
      <RequestLinkForm send={(body) => client.requestPasswordReset({ body })} action="Send reset link" />
    </AuthPage>
  );
}
