import type { User, Versioned } from "@vestibule/client";
import { useUpdateUser } from "@vestibule/client/query";
import { useCan } from "../../lib/session";
import { useEditForm } from "../../lib/use-edit-form";
import { Section } from "../../ui/card";
import { EditForm } from "../../ui/edit-form";
import { CheckboxField, TextField } from "../../ui/form-fields";
import { DateTime } from "../../ui/relative-time";
import { toast } from "../../ui/toast";
import { VerifiedBadge } from "../../ui/verified-badge";
import { profileSchema, toUpdateRequest, toValues } from "./form-schema";

/** The name and email of a user; editable with users:write. */
export function ProfileTab({ user }: { user: Versioned<User> }) {
  const canWrite = useCan()("users:write");
  return canWrite ? <ProfileForm user={user} /> : <ProfileDetails user={user} />;
}

function ProfileForm({ user }: { user: Versioned<User> }) {
  const update = useUpdateUser();
  const edit = useEditForm({
    latest: user,
    schema: profileSchema,
    toValues,
    save: (changes, base, values) =>
      update.mutateAsync({ user_id: base.id, body: toUpdateRequest(changes, values), ifMatch: base.etag }),
    onSaved: () => toast.success("Profile saved"),
    texts: { "email:taken": "Another account uses this email. Use a different one." },
  });
  const { form, base, register, field, errorAt } = edit;

  /** Marks a new email as unverified until the box is checked again. */
  function onEmailChange(value: string) {
    form.setValue("email_verified", value.trim() === base.email && base.email_verified, { shouldDirty: true });
  }

  return (
    <Section title="Profile">
      <EditForm edit={edit} resource="user" errorTitle="Could not save the profile" discardsStale>
        <TextField
          {...field("display_name")}
          label="Name"
          optional
          hint="If empty, the email address is shown instead."
          className="max-w-sm"
        />
        <TextField
          {...register("email", { onChange: ({ target }) => onEmailChange(target.value) })}
          label="Email"
          error={errorAt("email")}
          hint="Used to sign in. Changing it notifies the old address and invalidates links sent earlier."
          type="email"
          autoCapitalize="none"
          spellCheck={false}
          className="max-w-sm"
        />
        <CheckboxField
          {...field("email_verified")}
          label="Email verified"
          hint="Check this only if you know that the address belongs to this user."
        />
      </EditForm>
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
          <span className="wrap-anywhere">{user.email}</span>
          <VerifiedBadge verified={user.email_verified} />
        </dd>
        <dt className="text-muted">Last updated</dt>
        <dd>
          <DateTime value={user.updated_at} />
        </dd>
      </dl>
    </Section>
  );
}
