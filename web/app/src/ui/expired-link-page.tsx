import type { ReactNode } from "react";
import { AuthPage } from "./auth-page";
import { TextLink } from "./links";

/** The page for a link that has expired, was used, was replaced by a newer one, or is truncated. */
export function ExpiredLinkPage({ children, description }: { children?: ReactNode; description: ReactNode }) {
  return (
    <AuthPage
      title="This link has expired"
      description={description}
      footer={<TextLink to="/sign-in">Back to sign in</TextLink>}
    >
      {children}
    </AuthPage>
  );
}
