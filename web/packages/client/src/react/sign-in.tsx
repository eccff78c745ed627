"use client";

import { isProblem } from "../problem.js";
import { useClient, useTexts } from "./context.js";
import { errorText, fieldErrorTexts } from "./errors.js";
import { EmailField, PasswordField } from "./field.js";
import { FormCard, FormError, type LinkTarget, SubmitButton, TextLink } from "./form-card.js";
import { ResendButton } from "./resend-button.js";
import type { Texts } from "./texts.js";
import { useForm } from "./use-form.js";

/** The properties of `SignIn`. */
export interface SignInProps {
  /** Called after the user has signed in. */
  onSignedIn?: () => void;
  /** The link to the sign-up. Without it, there is no such link. */
  signUp?: LinkTarget;
  /** The link to the request of a password reset. Without it, there is no such link. */
  forgotPassword?: LinkTarget;
  texts?: Partial<Texts>;
  className?: string;
}

/** A form that signs in with email and password. */
export function SignIn({ onSignedIn, signUp, forgotPassword, texts: ownTexts, className = "" }: SignInProps) {
  const { session } = useClient();
  const texts = useTexts(ownTexts);
  const { form, busy, errors, failure, values } = useForm({
    validate: ({ email, password }) => ({
      ...(email === "" && { email: texts.emailRequired }),
      ...(password === "" && { password: texts.passwordRequired }),
    }),
    async send(credentials) {
      await session.signIn(credentials);
      onSignedIn?.();
    },
    fieldErrors: (error) => fieldErrorTexts(error, texts),
  });

  return (
    <FormCard {...form} title={texts.signInTitle} className={`vestibule-sign-in ${className}`}>
      {failure !== null && (
        <FormError>
          <p>{errorText(failure, texts)}</p>
          {isProblem(failure, "email_not_verified") && <ResendButton email={values.email} texts={texts} />}
        </FormError>
      )}
      <EmailField texts={texts} error={errors.email} />
      <PasswordField texts={texts} error={errors.password} autoComplete="current-password" />
      {forgotPassword !== undefined && (
        <p className="vestibule-forgot">
          <TextLink to={forgotPassword}>{texts.forgotPassword}</TextLink>
        </p>
      )}
      <SubmitButton busy={busy}>{texts.signIn}</SubmitButton>
      {signUp !== undefined && (
        <p className="vestibule-footer">
          {texts.noAccount} <TextLink to={signUp}>{texts.createAccount}</TextLink>
        </p>
      )}
    </FormCard>
  );
}
