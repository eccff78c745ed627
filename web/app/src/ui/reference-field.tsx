import type { ReactNode } from "react";
import { type Control, useController } from "react-hook-form";
import type { ResourceKindName } from "../lib/resources";
import { Field } from "./field";
import { ReferenceInput } from "./reference-input";

interface ReferenceFieldProps {
  name: string;
  control: Control;
  label: string;
  kind: ResourceKindName;
  error?: ReactNode;
  hint?: ReactNode;
  optional?: boolean;
}

/** A reference to another resource: `<ReferenceField {...controlled("owner_id")} label="Owner" kind="user" />`. */
export function ReferenceField({ name, control, label, kind, error, hint, optional }: ReferenceFieldProps) {
  const { field } = useController({ name, control });
  return (
    <Field label={label} error={error} hint={hint} optional={optional}>
      <ReferenceInput kind={kind} value={field.value} onChange={field.onChange} onBlur={field.onBlur} ref={field.ref} />
    </Field>
  );
}
