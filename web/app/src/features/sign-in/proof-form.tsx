import { useMutation } from "@tanstack/react-query";
import { isProblem, type ProofMethod } from "@vestibule/client";
import { Fingerprint } from "lucide-react";
import { type ComponentProps, type ReactNode, useState } from "react";
import { requiredFields, useApiForm } from "../../lib/api-form";
import { Button } from "../../ui/button";
import { CodeInput } from "../../ui/code-input";
import { Field } from "../../ui/field";
import { FormError } from "../../ui/form-error";
import { Input } from "../../ui/input";
import { Notice } from "../../ui/notice";
import { PasswordInput } from "../../ui/password-input";
import { useRetryCountdown } from "../../ui/rate-limit-notice";
import { browserHasPasskeys } from "./browser-has-passkeys";
import { PasskeyError } from "./passkey-error";

/** A method by which the user types a proof of their identity. */
export type TypedMethod = Exclude<ProofMethod, "passkey">;

export interface Proof {
  method: TypedMethod;
  code: string;
}

interface ProofFormProps {
  /** The methods that the user has. */
  methods: readonly ProofMethod[];
  /** The label of the button. */
  action: string;
  /** Proves the identity with a password or code. */
  prove(proof: Proof): Promise<unknown>;
  /** Proves the identity with a passkey. */
  proveWithPasskey(): Promise<unknown>;
  /** Called when the proof was accepted. */
  onProved?: () => void;
  /** A button or link below the methods, which leaves the form. */
  exit?: ReactNode;
}

/** Asks for one of the factors of the user, who can choose which. */
export function ProofForm({ methods, exit, ...rest }: ProofFormProps) {
  const available = methods.filter((method) => method !== "passkey" || browserHasPasskeys());
  const [chosen, choose] = useState(() => preferredOrder.find((method) => available.includes(method)));
  const method = chosen && available.includes(chosen) ? chosen : available[0];
  const others = preferredOrder.filter((other) => other !== method && available.includes(other));

  return (
    <div className="flex flex-col gap-5">
      {method === undefined && (
        <Notice tone="warning" title="This browser doesn't support passkeys">
          Your second factor is a passkey. Use a browser or device that supports them.
        </Notice>
      )}
      {method === "passkey" && <PasskeyProof {...rest} />}
      {method && method !== "passkey" && <TypedProof key={method} method={method} {...rest} />}
      {(others.length > 0 || exit) && (
        <div className="flex flex-col gap-3 border-line border-t pt-4 text-sm">
          {others.length > 0 && (
            <div>
              <p className="text-muted">Use another method</p>
              <ul className="mt-1.5 flex flex-wrap gap-2">
                {others.map((other) => (
                  <li key={other}>
                    <Button onClick={() => choose(other)}>{methodLabels[other]}</Button>
                  </li>
                ))}
              </ul>
            </div>
          )}
          {exit}
        </div>
      )}
    </div>
  );
}

const preferredOrder: readonly ProofMethod[] = ["passkey", "totp", "password", "recovery_code"];

const methodLabels: Record<ProofMethod, string> = {
  passkey: "Passkey",
  totp: "Authenticator app",
  recovery_code: "Recovery code",
  password: "Password",
};

type MethodProps = Pick<ProofFormProps, "action" | "prove" | "proveWithPasskey" | "onProved">;

function PasskeyProof({ proveWithPasskey, onProved }: MethodProps) {
  const { mutate, isPending, error } = useMutation({ mutationFn: proveWithPasskey, onSuccess: onProved });
  const remaining = useRetryCountdown(error);
  return (
    <div className="flex flex-col gap-4">
      <p>Use your fingerprint, face or screen lock, or your security key.</p>
      <PasskeyError error={error} />
      <Button variant="primary" size="lg" autoFocus busy={isPending} disabled={remaining > 0} onClick={() => mutate()}>
        <Fingerprint aria-hidden />
        Use passkey
      </Button>
    </div>
  );
}

const fields: Record<TypedMethod, { label: string; hint?: string; required: string; rejected: string }> = {
  totp: {
    label: "Code",
    hint: "The 6 digits that your authenticator app shows for this account.",
    required: "Enter the code.",
    rejected: "This code is incorrect or was used already. Enter the next one that your app shows.",
  },
  recovery_code: {
    label: "Recovery code",
    hint: "You saved your recovery codes when you set up the second factor. Each works once.",
    required: "Enter a recovery code.",
    rejected: "This recovery code is incorrect or was used already.",
  },
  password: { label: "Password", required: "Enter your password.", rejected: "The password is incorrect." },
};

function TypedProof({ method, action, prove, onProved }: MethodProps & { method: TypedMethod }) {
  const { label, hint, required, rejected } = fields[method];
  const { register, onSubmit, errorAt, busy, failure } = useApiForm({
    schema: requiredFields({ code: required }),
    defaultValues: { code: "" },
    send: ({ code }) => prove({ method, code: method === "password" ? code : code.replaceAll(/\s/g, "") }),
    onSuccess: onProved,
    texts: { "code:wrong_code": rejected },
    guarded: false,
  });
  const remaining = useRetryCountdown(failure);
  const isRejected = isProblem(failure, "invalid_credentials");

  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      {!isRejected && <FormError error={failure} />}
      <Field label={label} hint={hint} error={errorAt("code") ?? (isRejected && rejected)}>
        <ProofInput {...register("code")} method={method} autoFocus />
      </Field>
      <Button type="submit" variant="primary" size="lg" busy={busy} disabled={remaining > 0}>
        {action}
      </Button>
    </form>
  );
}

function ProofInput({ method, ...rest }: { method: TypedMethod } & Omit<ComponentProps<"input">, "type">) {
  switch (method) {
    case "totp":
      return <CodeInput {...rest} className="h-10" />;
    case "recovery_code":
      return <Input {...rest} autoComplete="off" autoCapitalize="none" spellCheck={false} className="h-10 font-mono" />;
    case "password":
      return <PasswordInput {...rest} autoComplete="current-password" className="h-10" />;
  }
}
