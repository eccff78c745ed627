"use client";

import { useEffect, useState } from "react";
import type { VestibuleClient } from "../client.js";
import { isProblem, isSecondFactorRequired, type SecondFactorRequired } from "../problem.js";
import { useClient, useTexts } from "./context.js";
import { errorText, fieldErrorTexts, passkeyFailureText } from "./errors.js";
import { EmailField, PasswordField } from "./field.js";
import { FormCard, FormError, type LinkTarget, SecondaryButton, SubmitButton, TextLink } from "./form-card.js";
import { type Proof, ProofForm } from "./proof-form.js";
import { ResendButton } from "./resend-button.js";
import type { Texts } from "./texts.js";
import { useForm } from "./use-form.js";
import { usePasskeySignIn } from "./use-passkey-sign-in.js";

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

/**
 * A form that signs in with email and password, and if the account has a second factor, asks for it. It signs in with a
 * passkey where the server and the browser support passkeys.
 */
export function SignIn({ onSignedIn, signUp, forgotPassword, texts: ownTexts, className = "" }: SignInProps) {
  const client = useClient();
  const texts = useTexts(ownTexts);
  const [secondFactor, setSecondFactor] = useState<SecondFactorRequired | null>(null);
  const [expired, setExpired] = useState(false);
  const passkey = usePasskeySignIn(secondFactor === null, onSignedIn);
  const { form, busy, errors, failure, values } = useForm({
    fields: ["email", "password"],
    validate: ({ email, password }) => ({
      ...(email === "" && { email: texts.emailRequired }),
      ...(password === "" && { password: texts.passwordRequired }),
    }),
    async send(credentials) {
      setExpired(false);
      try {
        await client.signIn(credentials);
      } catch (error) {
        if (!isSecondFactorRequired(error)) throw error;
        return setSecondFactor(error);
      }
      onSignedIn?.();
    },
    fieldErrors: (error) => fieldErrorTexts(error, texts),
  });

  async function complete(challenge: string, proof: Proof) {
    try {
      await completeSignIn(client, challenge, proof);
    } catch (error) {
      if (!isProblem(error, "invalid_token")) throw error;
      setExpired(true);
      return setSecondFactor(null);
    }
    onSignedIn?.();
  }

  const { formRef } = form;
  useEffect(() => {
    if (expired) formRef.current?.querySelector<HTMLElement>("[name=password]")?.focus();
  }, [expired, formRef]);

  const cardClass = `vestibule-sign-in ${className}`;
  if (secondFactor !== null) {
    const { challenge, methods } = secondFactor;
    return (
      <ProofForm
        title={texts.secondFactorTitle}
        className={cardClass}
        texts={texts}
        methods={methods}
        send={(proof) => complete(challenge, proof)}
      >
        <p className="vestibule-footer">
          <TextLink to={() => setSecondFactor(null)}>{texts.backToSignIn}</TextLink>
        </p>
      </ProofForm>
    );
  }
  return (
    <FormCard {...form} title={texts.signInTitle} className={cardClass}>
      {expired && <FormError>{texts.signInExpired}</FormError>}
      {failure !== null && (
        <FormError>
          <p>{errorText(failure, texts)}</p>
          {isProblem(failure, "email_not_verified") && <ResendButton email={values.email} texts={texts} />}
        </FormError>
      )}
      <EmailField texts={texts} error={errors.email} autoComplete="username webauthn" defaultValue={values.email} />
      <PasswordField texts={texts} error={errors.password} autoComplete="current-password" />
      {forgotPassword !== undefined && (
        <p className="vestibule-forgot">
          <TextLink to={forgotPassword}>{texts.forgotPassword}</TextLink>
        </p>
      )}
      <SubmitButton busy={busy}>{texts.signIn}</SubmitButton>
      {passkey.available && (
        <SecondaryButton busy={passkey.busy} onClick={passkey.signIn}>
          {texts.signInWithPasskey}
        </SecondaryButton>
      )}
      {passkey.failure !== null && <FormError>{passkeyFailureText(passkey.failure, texts)}</FormError>}
      {signUp !== undefined && (
        <p className="vestibule-footer">
          {texts.noAccount} <TextLink to={signUp}>{texts.createAccount}</TextLink>
        </p>
      )}
    </FormCard>
  );
}

async function completeSignIn(client: VestibuleClient, challenge: string, proof: Proof): Promise<void> {
  if (proof.method === "passkey") {
    const { signInWithPasskey } = await import("../passkeys/index.js");
    await signInWithPasskey(client, { challenge });
  } else if (proof.method !== "password") {
    await client.completeSignIn({ challenge, ...proof });
  }
}
