import { useStepUp } from "@vestibule/client/react";
import { lazy, Suspense } from "react";

const StepUpDialog = lazy(() => import("./step-up-dialog"));

/** Opens a dialog when a call requires a more recent proof of identity. The call is repeated after it. */
export function StepUp() {
  const { request, prove, cancel } = useStepUp();
  return <Suspense>{request && <StepUpDialog methods={request.methods} prove={prove} onCancel={cancel} />}</Suspense>;
}
