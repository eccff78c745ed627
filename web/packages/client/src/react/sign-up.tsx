"use client";

import { useState } from "react";
import { isProblem } from "../problem.js";
import { useClient, useTexts } from "./context.js";
import { errorText, fieldErrorTexts } from "./errors.js";
import { EmailField, PasswordField } from "./field.js";
import { FormCard, FormError, type LinkTarget, MessageCard, SubmitButton, TextLink } from "./form-card.js";
import { ResendButton } from "./resend-button.js";
import type { Texts } from "./texts.js";
import { type FormValues, useForm } from "./use-form.js";
import { useServerSettings } from "./use-server-settings.js";

/** The properties of `SignUp`. */
export interface SignUpProps {
  /** Called after the user has signed up and signed in. */
  onSignedIn?: () => void;
  /** The link to the sign-in. Without it, there is no such link. */
  signIn?: LinkTarget;
  texts?: Partial<Texts>;
  className?: string;
}

/**
 * A form that creates an account and signs in. If users must verify their email address first, it asks them to open the
 * link in the email that they received. If sign-up is closed, it reports that instead.
 */
export function SignUp({ onSignedIn, signIn, texts: ownTexts, className = "" }: SignUpProps) {
  const client = useClient();
  const texts = useTexts(ownTexts);
  const settings = useServerSettings();
  const rules = settings?.password;
  const [unverifiedEmail, setUnverifiedEmail] = useState<string | null>(null);
  const [signInError, setSignInError] = useState<unknown>(null);

  async function signUp(values: FormValues<"email" | "password">) {
    await client.createUser({ body: values });
    if (settings?.require_verified_email) return setUnverifiedEmail(values.email);
    try {
      await client.session.signIn(values);
    } catch (error) {
      // The account exists, so trying again would fail.
      return isProblem(error, "email_not_verified") ? setUnverifiedEmail(values.email) : setSignInError(error);
    }
    onSignedIn?.();
  }

  const { form, busy, errors, failure } = useForm({
    fields: ["email", "password"],
    validate: ({ email, password }) => ({
      ...(email === "" && { email: texts.emailRequired }),
      ...(password === "" && { password: texts.passwordRequired }),
    }),
    send: signUp,
    fieldErrors: (error) => fieldErrorTexts(error, texts, rules),
  });

  const cardClass = `vestibule-sign-up ${className}`;
  if (settings?.sign_up === "closed") {
    return (
      <MessageCard title={texts.signUpTitle} className={cardClass}>
        <p>{texts.signUpClosed}</p>
        <BackToSignIn signIn={signIn} texts={texts} />
      </MessageCard>
    );
  }
  if (unverifiedEmail !== null) {
    return (
      <MessageCard title={texts.checkEmailTitle} className={cardClass}>
        <p>{texts.checkEmail(unverifiedEmail)}</p>
        <ResendButton email={unverifiedEmail} texts={texts} />
        <BackToSignIn signIn={signIn} texts={texts} />
      </MessageCard>
    );
  }
  if (signInError !== null) {
    return (
      <MessageCard title={texts.accountCreatedTitle} className={cardClass}>
        <FormError>{errorText(signInError, texts)}</FormError>
        <p>{texts.accountCreated}</p>
        <BackToSignIn signIn={signIn} texts={texts} />
      </MessageCard>
    );
  }
  return (
    <FormCard {...form} title={texts.signUpTitle} className={cardClass}>
      {failure !== null && <FormError>{errorText(failure, texts)}</FormError>}
      <EmailField texts={texts} error={errors.email} />
      <PasswordField
        texts={texts}
        error={errors.password}
        autoComplete="new-password"
        hint={rules && texts.passwordHint(rules.min_length)}
      />
      <SubmitButton busy={busy}>{texts.signUp}</SubmitButton>
      {signIn !== undefined && (
        <p className="vestibule-footer">
          {texts.haveAccount} <TextLink to={signIn}>{texts.signIn}</TextLink>
        </p>
      )}
    </FormCard>
  );
}

function BackToSignIn({ signIn, texts }: { signIn: LinkTarget | undefined; texts: Texts }) {
  if (signIn === undefined) return null;
  return (
    <p className="vestibule-footer">
      <TextLink to={signIn}>{texts.backToSignIn}</TextLink>
    </p>
  );
}
