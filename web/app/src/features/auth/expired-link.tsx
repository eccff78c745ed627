import type { ReactNode } from "react";
import { TextLink } from "../../ui/links";
import { AuthPage } from "./auth-page";

/** Of a link that is too old, was used, was replaced by a newer one, or lost its end on the way. */
export function ExpiredLink({ children, description }: { children?: ReactNode; description: ReactNode }) {
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
