"use client";

import { type ReactNode, useEffect, useState } from "react";
import { passkeysSupported } from "../passkeys/support.js";
import { isProblem } from "../problem.js";
import type { CodeMethod, ProofMethod } from "../schema.gen.js";
import { errorText, passkeyFailureText } from "./errors.js";
import { Field, PasswordField } from "./field.js";
import { FormCard, FormError, SubmitButton, TextLink } from "./form-card.js";
import type { Texts } from "./texts.js";
import { type FieldTexts, useForm } from "./use-form.js";

/** A proof of identity. The browser asks for the passkey itself. */
export type Proof =
  | { readonly method: "password"; readonly password: string }
  | { readonly method: CodeMethod; readonly code: string }
  | { readonly method: "passkey" };

interface ProofFormProps {
  title: string;
  className: string;
  texts: Texts;
  /** A text above the fields. */
  intro?: string;
  methods: readonly ProofMethod[];
  send(proof: Proof): Promise<unknown>;
  /** Rendered below the links to the other methods. */
  children?: ReactNode;
}

/** A form for a proof of identity by one of several methods, with links to the others. */
export function ProofForm({ methods, ...props }: ProofFormProps) {
  const usable = methods.filter((method) => method !== "passkey" || passkeysSupported());
  const [chosen, setChosen] = useState<ProofMethod>();
  const method = chosen ?? usable[0] ?? methods[0] ?? "password";
  const others = usable.filter((other) => other !== method);
  return <MethodForm key={method} {...props} method={method} others={others} onChoose={setChosen} />;
}

interface MethodFormProps extends Omit<ProofFormProps, "methods"> {
  method: ProofMethod;
  others: readonly ProofMethod[];
  onChoose(method: ProofMethod): void;
}

function MethodForm(props: MethodFormProps) {
  const { title, className, texts, intro, method, others, onChoose, send, children } = props;
  const { form, busy, errors, failure } = useForm({
    fields: ["password", "code"],
    validate: ({ password, code }) => ({
      ...(method === "password" && password === "" && { password: texts.passwordRequired }),
      ...(isCode(method) && code === "" && { code: texts.codeRequired }),
    }),
    send: ({ password, code }) => send(isCode(method) ? { method, code } : { method, password }),
    fieldErrors: (error) => (isProblem(error, "invalid_credentials") ? rejectionTexts(method, texts) : {}),
  });
  const { formRef } = form;

  useEffect(() => {
    formRef.current?.querySelector<HTMLElement>("input, [type=submit]")?.focus();
  }, [formRef]);

  return (
    <FormCard {...form} title={title} className={className}>
      {intro !== undefined && <p className="vestibule-intro">{intro}</p>}
      {failure !== null && (
        <FormError>{(method === "passkey" ? passkeyFailureText : errorText)(failure, texts)}</FormError>
      )}
      {method === "password" && <PasswordField texts={texts} error={errors.password} autoComplete="current-password" />}
      {method === "totp" && (
        <Field
          name="code"
          label={texts.code}
          hint={texts.codeHint}
          error={errors.code}
          inputMode="numeric"
          autoComplete="one-time-code"
        />
      )}
      {method === "recovery_code" && (
        <Field
          name="code"
          label={texts.recoveryCode}
          hint={texts.recoveryCodeHint}
          error={errors.code}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
      )}
      {method === "passkey" && <p className="vestibule-intro">{texts.passkeyHint}</p>}
      <SubmitButton busy={busy}>{method === "passkey" ? texts.usePasskey : texts.verify}</SubmitButton>
      {others.length > 0 && (
        <ul className="vestibule-methods">
          {others.map((other) => (
            <li key={other}>
              <TextLink to={() => onChoose(other)}>{methodText(other, texts)}</TextLink>
            </li>
          ))}
        </ul>
      )}
      {children}
    </FormCard>
  );
}

function isCode(method: ProofMethod): method is CodeMethod {
  return method === "totp" || method === "recovery_code";
}

/** Returns the text at the field whose value the server rejected. A passkey has no field. */
function rejectionTexts(method: ProofMethod, texts: Texts): FieldTexts {
  switch (method) {
    case "password":
      return { password: texts.passwordIncorrect };
    case "totp":
      return { code: texts.codeIncorrect };
    case "recovery_code":
      return { code: texts.recoveryCodeIncorrect };
    case "passkey":
      return {};
  }
}

function methodText(method: ProofMethod, texts: Texts): string {
  switch (method) {
    case "password":
      return texts.usePassword;
    case "totp":
      return texts.useTotp;
    case "recovery_code":
      return texts.useRecoveryCode;
    case "passkey":
      return texts.usePasskey;
  }
}
