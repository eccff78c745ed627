import { useUpdateMe } from "@vestibule/client/query";
import { useMe } from "@vestibule/client/react";
import { useApiForm } from "../../lib/api-form";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Section } from "../../ui/card";
import { FormError } from "../../ui/form-error";
import { TextField } from "../../ui/form-fields";
import { DateTime } from "../../ui/relative-time";
import { toast } from "../../ui/toast";
import { profileSchema } from "./form-schema";

/** The display name, which can be edited here, and other account details. */
export function ProfileSection() {
  const me = useMe();
  const update = useUpdateMe();
  const { form, field, onSubmit, busy, failure } = useApiForm({
    schema: profileSchema,
    defaultValues: { display_name: me.display_name ?? "" },
    send: (body) => update.mutateAsync({ body }),
    onSuccess: (user) => {
      form.reset({ display_name: user.display_name ?? "" });
      toast.success("Name saved");
    },
  });

  return (
    <Section title="Personal information">
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
        <FormError error={failure} title="Could not save your name" />
        <TextField
          {...field("display_name")}
          label="Name"
          optional
          hint="Shown instead of your email address."
          autoComplete="name"
          className="max-w-sm"
        />
        <div>
          <Button type="submit" variant="primary" busy={busy} disabled={!form.formState.isDirty}>
            Save
          </Button>
        </div>
      </form>
      <dl className="mt-5 grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 border-line border-t pt-4 text-sm">
        <dt className="text-muted">Roles</dt>
        <dd className="flex flex-wrap gap-1">
          {me.roles.length === 0 && "None"}
          {me.roles.map((role) => (
            <Badge key={role}>{role}</Badge>
          ))}
        </dd>
        <dt className="text-muted">Member since</dt>
        <dd>
          <DateTime value={me.created_at} />
        </dd>
      </dl>
    </Section>
  );
}
