"use client";

import { lazy, Suspense } from "react";
import type { Texts } from "./texts.js";
import { useStepUp } from "./use-step-up.js";

const Content = lazy(() => import("./step-up-dialog-content.js"));

/** The properties of `StepUpDialog`. */
export interface StepUpDialogProps {
  texts?: Partial<Texts>;
  className?: string;
}

/** A dialog that opens when a call requires another proof of identity. The provider renders it by default. */
export function StepUpDialog(props: StepUpDialogProps) {
  const { request, ...actions } = useStepUp();
  return <Suspense>{request && <Content {...props} {...actions} request={request} />}</Suspense>;
}
