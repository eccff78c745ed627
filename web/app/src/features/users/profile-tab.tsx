import { isProblem, type User, type Versioned } from "@vestibule/client";
import { useUpdateUser } from "@vestibule/client/query";
import { useEffect, useState } from "react";
import { useApiForm } from "../../lib/api-form";
import { usePermissions } from "../../lib/session";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Section } from "../../ui/card";
import { LabelledCheckbox } from "../../ui/checkbox";
import { Field } from "../../ui/field";
import { FormError } from "../../ui/form-error";
import { Input } from "../../ui/input";
import { DateTime } from "../../ui/relative-time";
import { toast } from "../../ui/toast";
import { changeOf, valuesOf } from "./changes";
import { userSchema } from "./schema";
import { StaleNotice } from "./stale-notice";

/** Name and address, to be changed by those who may and read by others. */
export function ProfileTab({ user }: { user: Versioned<User> }) {
  const mayWrite = usePermissions()("users:write");
  return (
    <div className="flex max-w-2xl flex-col gap-6">
      {mayWrite ? <ProfileForm user={user} /> : <ProfileFacts user={user} />}
    </div>
  );
}

function ProfileForm({ user }: { user: Versioned<User> }) {
  /** The version that the form was filled from. */
  const [base, setBase] = useState(user);
  const update = useUpdateUser();
  const { form, register, onSubmit, errorAt, busy, failure } = useApiForm({
    schema: userSchema,
    defaultValues: valuesOf(base),
    send: (values) => update.mutateAsync({ user_id: base.id, body: changeOf(base, values), ifMatch: base.etag }),
    onSuccess: (saved) => {
      fill(saved);
      toast.done("Profile saved");
    },
  });
  const { isDirty } = form.formState;
  const isOutdated = user.etag !== base.etag && !busy;

  function fill(newest: Versioned<User>) {
    setBase(newest);
    form.reset(valuesOf(newest));
  }

  // Untouched, the form shows the newest version; what has been typed is never overwritten.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `fill` is made anew each time and does the same.
  useEffect(() => {
    if (isOutdated && !isDirty) fill(user);
  }, [isOutdated, isDirty, user]);

  /** A new address is nobody's yet, until the box is ticked again. */
  function onEmailChange(typed: string) {
    form.setValue("email_verified", typed.trim() === base.email && base.email_verified, { shouldDirty: true });
  }

  return (
    <Section title="Profile">
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
        {isOutdated && isDirty ? (
          <StaleNotice onReload={() => fill(user)} />
        ) : (
          <FormError error={failure} title={isProblem(failure, "stale") ? undefined : "Could not save the profile"} />
        )}
        <Field label="Name" optional error={errorAt("display_name")} hint="Without one, the email address is shown.">
          <Input {...register("display_name")} autoComplete="off" className="max-w-sm" />
        </Field>
        <Field
          label="Email"
          error={
            form.formState.errors.email?.type === "taken"
              ? "Another account has this address. Choose a different one."
              : errorAt("email")
          }
          hint="They sign in with it. When it changes, a note goes to the old address, and links that were mailed stop working."
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
        <LabelledCheckbox
          {...register("email_verified")}
          label="Email verified"
          hint="Tick it only if you know that the address is theirs."
        />
        <div className="flex gap-2">
          <Button type="submit" variant="primary" busy={busy} disabled={!isDirty || isOutdated}>
            Save
          </Button>
          {isDirty && <Button onClick={() => fill(user)}>Discard changes</Button>}
        </div>
      </form>
    </Section>
  );
}

function ProfileFacts({ user }: { user: User }) {
  return (
    <Section title="Profile" description="You may see this and not change it: that needs the permission users:write.">
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 text-sm">
        <dt className="text-muted">Name</dt>
        <dd>{user.display_name ?? <span className="text-muted">None; the email address is shown</span>}</dd>
        <dt className="text-muted">Email</dt>
        <dd className="flex min-w-0 flex-wrap items-center gap-2">
          <span className="break-all">{user.email}</span>
          {user.email_verified ? <Badge tone="success">Verified</Badge> : <Badge tone="warning">Not verified</Badge>}
        </dd>
        <dt className="text-muted">Changed</dt>
        <dd>
          <DateTime value={user.updated_at} />
        </dd>
      </dl>
    </Section>
  );
}
