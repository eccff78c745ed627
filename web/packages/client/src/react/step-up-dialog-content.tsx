"use client";

import { type SyntheticEvent, useLayoutEffect, useRef } from "react";
import { useTexts } from "./context.js";
import { SecondaryButton } from "./form-card.js";
import { ProofForm } from "./proof-form.js";
import type { StepUpDialogProps } from "./step-up-dialog.js";
import type { UseStepUp } from "./use-step-up.js";

type StepUpDialogContentProps = StepUpDialogProps & UseStepUp & { request: NonNullable<UseStepUp["request"]> };

/** The content of `StepUpDialog`, which is loaded when it opens. */
export default function StepUpDialogContent({
  request,
  prove,
  cancel,
  texts: ownTexts,
  className = "",
}: StepUpDialogContentProps) {
  const texts = useTexts(ownTexts);
  const dialog = useRef<HTMLDialogElement>(null);

  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // Returns the focus to where it was.
    return () => element?.close();
  }, []);

  function cancelIfClosed({ currentTarget }: SyntheticEvent<HTMLDialogElement>) {
    if (!currentTarget.open) cancel();
  }

  return (
    <dialog ref={dialog} className="vestibule vestibule-dialog" aria-label={texts.stepUpTitle} onClose={cancelIfClosed}>
      <ProofForm
        title={texts.stepUpTitle}
        className={`vestibule-step-up ${className}`}
        texts={texts}
        intro={texts.stepUpIntro}
        methods={request.methods}
        send={prove}
      >
        <SecondaryButton onClick={cancel}>{texts.cancel}</SecondaryButton>
      </ProofForm>
    </dialog>
  );
}
