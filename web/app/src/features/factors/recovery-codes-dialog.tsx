import { AlertDialog } from "@base-ui/react/alert-dialog";
import { useMe } from "@vestibule/client/react";
import { Download, Printer } from "lucide-react";
import { useRef } from "react";
import { downloadFile } from "../../lib/download-file";
import { Button } from "../../ui/button";
import { LabeledCopyButton } from "../../ui/copy-button";
import { DialogActions } from "../../ui/dialog";
import { toText } from "./recovery-codes-text";

interface RecoveryCodesDialogProps {
  /** `null` closes the dialog. */
  codes: readonly string[] | null;
  onClose(): void;
}

/** Shows new recovery codes, which are never shown again. Only its button closes it, not Escape. */
export function RecoveryCodesDialog({ codes, onClose }: RecoveryCodesDialogProps) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <AlertDialog.Root open={codes !== null}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="scrim fade-motion fixed inset-0 z-40" />
        <AlertDialog.Popup
          ref={popup}
          initialFocus={popup}
          className="float-motion fixed inset-x-4 top-[10vh] z-50 mx-auto max-h-[84dvh] max-w-md overflow-y-auto rounded-lg bg-raised p-5 shadow-float"
        >
          <AlertDialog.Title className="font-semibold text-lg">Save your recovery codes</AlertDialog.Title>
          <AlertDialog.Description className="mt-1 text-muted">
            If you lose your phone or passkey, you can sign in with one of these codes. Each works once. They are not
            shown again.
          </AlertDialog.Description>
          {codes && <Codes codes={codes} />}
          <DialogActions>
            <Button variant="primary" onClick={onClose}>
              I have saved the codes
            </Button>
          </DialogActions>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

function Codes({ codes }: { codes: readonly string[] }) {
  const { email } = useMe();
  const text = toText(codes, email, location.origin);
  return (
    <div className="mt-4 flex flex-col gap-3">
      <div className="print-alone rounded-md border border-line bg-sunken p-3">
        <p className="mb-3 hidden print:block">
          Vestibule recovery codes for {email} at {location.origin}
        </p>
        <ul aria-label="Recovery codes" className="grid gap-y-1.5 font-mono">
          {codes.map((code) => (
            <li key={code} className="select-all text-center">
              {code}
            </li>
          ))}
        </ul>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <LabeledCopyButton value={codes.join("\n")}>Copy</LabeledCopyButton>
        <Button size="sm" onClick={() => downloadFile("vestibule-recovery-codes.txt", text, "text/plain")}>
          <Download aria-hidden />
          Download
        </Button>
        <Button size="sm" onClick={() => print()}>
          <Printer aria-hidden />
          Print
        </Button>
      </div>
    </div>
  );
}
