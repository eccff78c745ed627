import { useSuspenseQuery } from "@tanstack/react-query";
import type { Factors, Passkey } from "@vestibule/client";
import { passkeysSupported } from "@vestibule/client/passkeys";
import { settingsQuery, useAddPasskey } from "@vestibule/client/query";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { isPasskeyCancelled } from "../../lib/errors";
import { client } from "../../lib/session";
import { Button } from "../../ui/button";
import { Section } from "../../ui/card";
import { FormError } from "../../ui/form-error";
import { IconButton } from "../../ui/icon-button";
import { Notice } from "../../ui/notice";
import { PasskeyDetails } from "../../ui/passkey-details";
import { Skeleton } from "../../ui/skeleton";
import { toast } from "../../ui/toast";
import { RemovePasskeyDialog } from "./remove-passkey-dialog";
import { RenamePasskeyDialog } from "./rename-passkey-dialog";

interface PasskeysSectionProps {
  /** `undefined` while loading. */
  factors: Factors | undefined;
  onRecoveryCodes(codes: readonly string[]): void;
}

/** The passkeys of the current user, who can add, rename and remove them. */
export function PasskeysSection({ factors, onRecoveryCodes }: PasskeysSectionProps) {
  const { data: settings } = useSuspenseQuery(settingsQuery(client));
  const add = useAddPasskey();
  const isSupported = passkeysSupported();
  const passkeys = factors?.passkeys;

  function addPasskey() {
    add.mutate(undefined, {
      onSuccess: ({ name, recovery_codes }) => {
        toast.success(`Added ${name}`);
        if (recovery_codes) onRecoveryCodes(recovery_codes);
      },
    });
  }

  return (
    <Section
      title="Passkeys"
      description="Sign in with your fingerprint, face or screen lock, or with a security key. No password or code needed."
      actions={
        factors &&
        settings.passkeys &&
        isSupported && (
          <Button busy={add.isPending} onClick={addPasskey}>
            <Plus aria-hidden />
            Add a passkey
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-4">
        {!settings.passkeys && (
          <p className="text-muted text-sm">
            Passkeys are not available here, because this server is reached by an IP address instead of a domain name.
          </p>
        )}
        {settings.passkeys && !isSupported && (
          <p className="text-muted text-sm">
            This browser doesn't support passkeys. To add one, use a current browser or a different device.
          </p>
        )}
        <AddError error={add.error} />
        {!passkeys && <Skeleton className="w-1/3" />}
        {passkeys && passkeys.length > 0 && <PasskeyList passkeys={passkeys} hasTotp={factors?.totp != null} />}
        {passkeys?.length === 0 && settings.passkeys && isSupported && (
          <p className="text-muted text-sm">No passkeys yet.</p>
        )}
      </div>
    </Section>
  );
}

function AddError({ error }: { error: unknown }) {
  if (isPasskeyCancelled(error)) {
    return <Notice title="No passkey was added">The request was canceled or timed out. Try again.</Notice>;
  }
  return <FormError error={error} />;
}

interface PasskeyListProps {
  passkeys: readonly Passkey[];
  hasTotp: boolean;
}

function PasskeyList({ passkeys, hasTotp }: PasskeyListProps) {
  const [action, setAction] = useState<{ kind: "rename" | "remove"; passkey: Passkey }>();
  const close = () => setAction(undefined);
  return (
    <>
      <ul aria-label="Passkeys" className="-my-3 flex flex-col">
        {passkeys.map((passkey) => (
          <li
            key={passkey.id}
            className="flex items-center justify-between gap-3 border-line border-b py-3 last:border-b-0"
          >
            <PasskeyDetails passkey={passkey} />
            <div className="flex shrink-0 gap-1">
              <IconButton
                label={`Rename ${passkey.name}`}
                icon={<Pencil aria-hidden />}
                onClick={() => setAction({ kind: "rename", passkey })}
              />
              <IconButton
                label={`Remove ${passkey.name}`}
                icon={<Trash2 aria-hidden />}
                onClick={() => setAction({ kind: "remove", passkey })}
              />
            </div>
          </li>
        ))}
      </ul>
      {action?.kind === "rename" && <RenamePasskeyDialog passkey={action.passkey} onClose={close} />}
      {action?.kind === "remove" && (
        <RemovePasskeyDialog passkey={action.passkey} isLast={passkeys.length === 1 && !hasTotp} onClose={close} />
      )}
    </>
  );
}
