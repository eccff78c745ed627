import type { ComponentProps, ReactNode } from "react";
import { yesNoLabels } from "../lib/field-values";
import { LabeledCheckbox } from "./checkbox";
import { cx } from "./cx";
import { Field } from "./field";
import { Input } from "./input";
import { Select } from "./select";
import { Textarea } from "./textarea";

/*
 * Fields with a native control, one for each kind of value. Connect them with `{...field("name")}` of `useApiForm` and
 * convert their values with `lib/field-values`.
 */

interface Labels {
  label: string;
  /** The error message, as a sentence. */
  error?: ReactNode;
  /** Help text below the control. */
  hint?: ReactNode;
  /** Adds "(optional)" to the label. */
  optional?: boolean;
}

type FieldProps<Control extends "input" | "select" | "textarea"> = Omit<ComponentProps<Control>, keyof Labels> & Labels;

/** One line of text. */
export function TextField({ label, error, hint, optional, ...rest }: FieldProps<"input">) {
  return (
    <Field label={label} error={error} hint={hint} optional={optional}>
      <Input autoComplete="off" {...rest} />
    </Field>
  );
}

/** Text with several lines. */
export function TextareaField({ label, error, hint, optional, ...rest }: FieldProps<"textarea">) {
  return (
    <Field label={label} error={error} hint={hint} optional={optional}>
      <Textarea {...rest} />
    </Field>
  );
}

/** A whole number, as text: unlike `type="number"`, it keeps invalid input and does not change on scrolling. */
export function IntegerField(props: FieldProps<"input">) {
  return <TextField inputMode="numeric" {...props} className={cx("max-w-48 tabular-nums", props.className)} />;
}

/** A decimal number, as text. */
export function DecimalField(props: FieldProps<"input">) {
  return <TextField inputMode="decimal" {...props} className={cx("max-w-48 tabular-nums", props.className)} />;
}

/** A day. */
export function DateField(props: FieldProps<"input">) {
  return <TextField {...props} type="date" className={cx("max-w-48", props.className)} />;
}

/** A day and time in the browser's time zone. */
export function DateTimeField(props: FieldProps<"input">) {
  return <TextField {...props} type="datetime-local" className={cx("max-w-60", props.className)} />;
}

/** A UUID. */
export function UuidField(props: FieldProps<"input">) {
  return <TextField autoCapitalize="none" spellCheck={false} {...props} className={cx("font-mono", props.className)} />;
}

/** A JSON value. */
export function JsonField(props: FieldProps<"textarea">) {
  return (
    <TextareaField
      autoCapitalize="none"
      autoComplete="off"
      spellCheck={false}
      {...props}
      className={cx("font-mono", props.className)}
    />
  );
}

interface SelectFieldProps extends FieldProps<"select"> {
  /** The label of each value, in order. */
  options: Readonly<Record<string, string>>;
}

/** One of a few values. */
export function SelectField({ label, error, hint, optional, options, ...rest }: SelectFieldProps) {
  return (
    <Field label={label} error={error} hint={hint} optional={optional}>
      <Select {...rest}>
        <option value="" hidden={!optional}>
          {optional ? "None" : "Select…"}
        </option>
        {Object.entries(options).map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </Select>
    </Field>
  );
}

/** Yes or no, or nothing if it is optional. */
export function YesNoField(props: FieldProps<"select">) {
  return <SelectField {...props} options={yesNoLabels} />;
}

/** Yes or no. */
export function CheckboxField({ error, ...rest }: ComponentProps<typeof LabeledCheckbox> & Pick<Labels, "error">) {
  return (
    <div>
      <LabeledCheckbox {...rest} />
      <p aria-live="polite" className="text-danger-text text-sm empty:hidden">
        {error}
      </p>
    </div>
  );
}
