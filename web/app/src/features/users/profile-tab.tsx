import { isProblem, type User, type Versioned } from "@vestibule/client";
import { useUpdateUser } from "@vestibule/client/query";
import { useEffect, useState } from "react";
import { useApiForm } from "../../lib/api-form";
import { useCan } from "../../lib/session";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Section } from "../../ui/card";
import { LabeledCheckbox } from "../../ui/checkbox";
import { Field } from "../../ui/field";
import { FormError } from "../../ui/form-error";
import { Input } from "../../ui/input";
import { DateTime } from "../../ui/relative-time";
import { toast } from "../../ui/toast";
import { profileSchema, toUpdateRequest, toValues } from "./form-schema";
import { StaleNotice } from "./stale-notice";

/** The name and email of a user; editable with users:write. */
export function ProfileTab({ user }: { user: Versioned<User> }) {
  const canWrite = useCan()("users:write");
  return (
    <div className="flex max-w-2xl flex-col gap-6">
      {canWrite ? <ProfileForm user={user} /> : <ProfileDetails user={user} />}
    </div>
  );
}

function ProfileForm({ user }: { user: Versioned<User> }) {
  /** The version that the form is based on. */
  const [base, setBase] = useState(user);
  const update = useUpdateUser();
  const { form, register, onSubmit, errorAt, busy, failure } = useApiForm({
    schema: profileSchema,
    defaultValues: toValues(base),
    send: (values) => update.mutateAsync({ user_id: base.id, body: toUpdateRequest(base, values), ifMatch: base.etag }),
    onSuccess: (saved) => {
      reset(saved);
      toast.success("Profile saved");
    },
  });
  const { isDirty } = form.formState;
  const isOutdated = user.etag !== base.etag && !busy;

  function reset(latest: Versioned<User>) {
    setBase(latest);
    form.reset(toValues(latest));
  }

  // An untouched form follows the latest version; input is never overwritten.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `reset` changes on every render but does the same
  useEffect(() => {
    if (isOutdated && !isDirty) reset(user);
  }, [isOutdated, isDirty, user]);

  /** Marks a new email as unverified until the box is checked again. */
  function onEmailChange(value: string) {
    form.setValue("email_verified", value.trim() === base.email && base.email_verified, { shouldDirty: true });
  }

  return (
    <Section title="Profile">
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
        {isOutdated && isDirty ? (
          <StaleNotice onReload={() => reset(user)} />
        ) : (
          <FormError error={failure} title={isProblem(failure, "stale") ? undefined : "Could not save the profile"} />
        )}
        <Field
          label="Name"
          optional
          error={errorAt("display_name")}
          hint="If empty, the email address is shown instead."
        >
          <Input {...register("display_name")} autoComplete="off" className="max-w-sm" />
        </Field>
        <Field
          label="Email"
          error={
            form.formState.errors.email?.type === "taken"
              ? "Another account uses this email. Use a different one."
              : errorAt("email")
          }
          hint="Used to sign in. Changing it notifies the old address and invalidates links sent earlier."
        >
          <Input
            {...register("email", { onChange: ({ target }) => onEmailChange(target.value) })}
            type="email"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            className="max-w-sm"
          />
        </Field>
        <LabeledCheckbox
          {...register("email_verified")}
          label="Email verified"
          hint="Check this only if you know that the address belongs to this user."
        />
        <div className="flex gap-2">
          <Button type="submit" variant="primary" busy={busy} disabled={!isDirty || isOutdated}>
            Save
          </Button>
          {isDirty && <Button onClick={() => reset(user)}>Discard changes</Button>}
        </div>
      </form>
    </Section>
  );
}

function ProfileDetails({ user }: { user: User }) {
  return (
    <Section title="Profile" description="Requires users:write to edit.">
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 text-sm">
        <dt className="text-muted">Name</dt>
        <dd>{user.display_name ?? <span className="text-muted">Not set</span>}</dd>
        <dt className="text-muted">Email</dt>
        <dd className="flex min-w-0 flex-wrap items-center gap-2">
          <span className="break-all">{user.email}</span>
          {user.email_verified ? <Badge tone="success">Verified</Badge> : <Badge tone="warning">Not verified</Badge>}
        </dd>
        <dt className="text-muted">Last updated</dt>
        <dd>
          <DateTime value={user.updated_at} />
        </dd>
      </dl>
    </Section>
  );
}
