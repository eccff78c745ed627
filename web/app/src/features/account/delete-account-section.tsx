import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMe } from "@vestibule/client/react";
import { useState } from "react";
import { client, signOut } from "../../lib/session";
import { Button } from "../../ui/button";
import { Section } from "../../ui/card";
import { ConfirmDialog } from "../../ui/confirm-dialog";

export function DeleteAccountSection() {
  const me = useMe();
  const navigate = useNavigate();
  const [confirming, setConfirming] = useState(false);
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => client.deleteCurrentUser({ body: {} }),
    onSuccess: async () => {
      void signOut();
      await navigate({ to: "/sign-in", search: { reason: "account_deleted" } });
    },
  });
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
      <ConfirmDialog
        open={confirming}
        onOpenChange={setConfirming}
        title="Delete your account?"
        description={
          <>
            This permanently deletes <strong className="wrap-anywhere font-medium text-text">{me.email}</strong> and
            can't be undone. To keep a copy of your data, download it first.
          </>
        }
        action="Delete account"
        destructive
        busy={isPending}
        error={error}
        errorTitle="Could not delete your account"
        onConfirm={() => mutate()}
      />
    </>
  );
}
