import { useFactors } from "@vestibule/client/query";
import { useState } from "react";
import { Section } from "../../ui/card";
import { ErrorState } from "../../ui/error-state";
import { AuthenticatorAppSection } from "./authenticator-app-section";
import { PasskeysSection } from "./passkeys-section";
import { RecoveryCodesDialog } from "./recovery-codes-dialog";
import { RecoveryCodesSection } from "./recovery-codes-section";
import { RequirementNotice } from "./requirement-notice";

/** The second factors of the current user: the authenticator app, passkeys and recovery codes. */
export function SecondFactors() {
  const { data: factors, isError, error, refetch, isFetching } = useFactors();
  const [recoveryCodes, setRecoveryCodes] = useState<readonly string[] | null>(null);

  if (isError && !factors) {
    return (
      <Section title="Second factors">
        <ErrorState
          title="Could not load second factors"
          error={error}
          onRetry={() => void refetch()}
          retrying={isFetching}
        />
      </Section>
    );
  }
  return (
    <>
      {factors && <RequirementNotice factors={factors} />}
      <AuthenticatorAppSection factors={factors} onRecoveryCodes={setRecoveryCodes} />
      <PasskeysSection factors={factors} onRecoveryCodes={setRecoveryCodes} />
      <RecoveryCodesSection factors={factors} onRecoveryCodes={setRecoveryCodes} />
      <RecoveryCodesDialog codes={recoveryCodes} onClose={() => setRecoveryCodes(null)} />
    </>
  );
}
