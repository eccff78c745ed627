import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useApiForm } from "../../lib/api-form";
import { client, signOut, useMe } from "../../lib/session";
import { Button } from "../../ui/button";
import { Section } from "../../ui/card";
import { Dialog, DialogActions } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { FormError } from "../../ui/form-error";
import { PasswordInput } from "../../ui/password-input";
import { deleteSchema } from "./schema";
import { wrongPassword } from "./wrong-password";

export function DeleteSection() {
  const me = useMe();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Section
        title="Delete account"
        description="Removes your account, your name and your addresses, and ends all your sessions. It cannot be undone."
        actions={
          <Button variant="danger-secondary" onClick={() => setAsking(true)}>
            Delete account…
          </Button>
        }
      />
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title="Delete your account?"
        description={
          <>
            <strong className="break-all font-medium text-text">{me.email}</strong> will be gone for good. Download your
            data first if you want to keep it.
          </>
        }
      >
        <DeleteForm onCancel={() => setAsking(false)} />
      </Dialog>
    </>
  );
}

function DeleteForm({ onCancel }: { onCancel(): void }) {
  const navigate = useNavigate();
  const { register, onSubmit, errorAt, busy, failure } = useApiForm({
    schema: deleteSchema,
    defaultValues: { current_password: "" },
    send: (body) => client.deleteCurrentUser({ body }),
    onSuccess: async () => {
      void signOut();
      await navigate({ to: "/sign-in", search: { reason: "account_deleted" } });
    },
    texts: wrongPassword,
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      <FormError error={failure} title="Could not delete the account" />
      <Field label="Current password" error={errorAt("current_password")}>
        <PasswordInput {...register("current_password")} autoComplete="current-password" />
      </Field>
      <DialogActions>
        <Button onClick={onCancel}>Keep the account</Button>
        <Button type="submit" variant="danger" busy={busy}>
          Delete for good
        </Button>
      </DialogActions>
    </form>
  );
}
