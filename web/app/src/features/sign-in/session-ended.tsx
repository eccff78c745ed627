import { useState } from "react";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Notice } from "../../ui/notice";
import { SignInForm } from "./sign-in-form";

/** Asks to sign in again after the session has ended during an edit, which stays on the page. Loaded on first use. */
export default function SessionEnded({ onDiscard }: { onDiscard(): void }) {
  const [signingIn, setSigningIn] = useState(true);
  return (
    <>
      <Notice
        tone="warning"
        title="Your session has ended"
        className="mb-4 flex-wrap"
        action={
          <span className="flex gap-2">
            <Button size="sm" onClick={onDiscard}>
              Discard changes
            </Button>
            <Button size="sm" onClick={() => setSigningIn(true)}>
              Sign in
            </Button>
          </span>
        }
      >
        Sign in again to save your changes.
      </Notice>
      <Dialog
        open={signingIn}
        onOpenChange={setSigningIn}
        title="Your session has ended"
        description="Sign in again to save your changes. They stay on this page."
      >
        <SignInForm onSignedIn={() => setSigningIn(false)} />
      </Dialog>
    </>
  );
}
