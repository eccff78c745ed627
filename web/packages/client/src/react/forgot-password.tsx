"use client";

import { useState } from "react";
import { useClient, useTexts } from "./context.js";
import { errorText, fieldErrorTexts } from "./errors.js";
import { EmailField } from "./field.js";
import { FormCard, FormError, type LinkTarget, MessageCard, SubmitButton, TextLink } from "./form-card.js";
import type { Texts } from "./texts.js";
import { useForm } from "./use-form.js";

/** The properties of `ForgotPassword`. */
export interface ForgotPasswordProps {
  /** The link to the sign-in. Without it, there is no such link. */
  signIn?: LinkTarget;
  texts?: Partial<Texts>;
  className?: string;
}

/** A form that requests an email with a link to set a new password. The link leads to the web app of the server. */
export function ForgotPassword({ signIn, texts: ownTexts, className = "" }: ForgotPasswordProps) {
  const client = useClient();
  const texts = useTexts(ownTexts);
  const [sentTo, setSentTo] = useState<string | null>(null);
  const { form, busy, errors, failure } = useForm({
    fields: ["email"],
    validate: ({ email }) => (email === "" ? { email: texts.emailRequired } : {}),
    async send({ email }) {
      await client.requestPasswordReset({ body: { email } });
      setSentTo(email);
    },
    fieldErrors: (error) => fieldErrorTexts(error, texts),
  });

  const cardClass = `vestibule-forgot-password ${className}`;
  const footer = signIn !== undefined && (
    <p className="vestibule-footer">
      <TextLink to={signIn}>{texts.backToSignIn}</TextLink>
    </p>
  );
  if (sentTo !== null) {
    return (
      <MessageCard title={texts.checkEmailTitle} className={cardClass}>
        <p>{texts.linkSent(sentTo)}</p>
        {footer}
      </MessageCard>
    );
  }
  return (
    <FormCard {...form} title={texts.forgotPasswordTitle} className={cardClass}>
      <p className="vestibule-intro">{texts.forgotPasswordIntro}</p>
      {failure !== null && <FormError>{errorText(failure, texts)}</FormError>}
      <EmailField texts={texts} error={errors.email} />
      <SubmitButton busy={busy}>{texts.sendLink}</SubmitButton>
      {footer}
    </FormCard>
  );
}
