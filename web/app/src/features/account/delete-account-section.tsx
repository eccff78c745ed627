import { useNavigate } from "@tanstack/react-router";
import { useMe } from "@vestibule/client/react";
import { useState } from "react";
import { useApiForm } from "../../lib/api-form";
import { client, signOut } from "../../lib/session";
import { Button } from "../../ui/button";
import { Section } from "../../ui/card";
import { Dialog } from "../../ui/dialog";
import { DialogForm } from "../../ui/dialog-form";
import { CurrentPasswordField } from "./current-password-field";
import { currentPasswordTexts, deleteAccountSchema } from "./form-schema";

export function DeleteAccountSection() {
  const me = useMe();
  const [confirming, setConfirming] = useState(false);
  return (
    <>
      <Section
        title="Delete account"
        description="Permanently deletes your account and personal data, and signs you out on all devices."
        actions={
          <Button variant="danger-secondary" onClick={() => setConfirming(true)}>
            Delete account…
          </Button>
        }
      />
      <Dialog
        open={confirming}
        onOpenChange={setConfirming}
        title="Delete your account?"
        description={
          <>
            This permanently deletes <strong className="wrap-anywhere font-medium text-text">{me.email}</strong> and
            can't be undone. To keep a copy of your data, download it first.
          </>
        }
      >
        <DeleteAccountForm onCancel={() => setConfirming(false)} />
      </Dialog>
    </>
  );
}

function DeleteAccountForm({ onCancel }: { onCancel(): void }) {
  const navigate = useNavigate();
  const form = useApiForm({
    schema: deleteAccountSchema,
    defaultValues: { current_password: "" },
    send: (body) => client.deleteCurrentUser({ body }),
    onSuccess: async () => {
      void signOut();
      await navigate({ to: "/sign-in", search: { reason: "account_deleted" } });
    },
    texts: currentPasswordTexts,
  });
  return (
    <DialogForm
      form={form}
      errorTitle="Could not delete your account"
      action="Delete account"
      destructive
      onCancel={onCancel}
    >
      <CurrentPasswordField {...form.field("current_password")} />
    </DialogForm>
  );
}
