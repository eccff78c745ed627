"use client";

import { useEffect, useRef, useState } from "react";
import { ForgotPassword } from "./forgot-password.js";
import { SignIn } from "./sign-in.js";
import { SignUp } from "./sign-up.js";
import type { Texts } from "./texts.js";
import { useServerSettings } from "./use-server-settings.js";

/** The properties of `AuthPanel`. */
export interface AuthPanelProps {
  /** Called after the user has signed in. */
  onSignedIn?: () => void;
  texts?: Partial<Texts>;
  className?: string;
}

/** The sign-in, with links that show the request of a password reset and, if it is open, the sign-up in its place. */
export function AuthPanel(props: AuthPanelProps) {
  const [view, setView] = useState<"sign-in" | "sign-up" | "forgot-password">("sign-in");
  const settings = useServerSettings();
  const container = useRef<HTMLDivElement>(null);
  const shown = useRef(view);

  useEffect(() => {
    if (shown.current !== view) container.current?.querySelector("input")?.focus();
    shown.current = view;
  }, [view]);

  const signIn = () => setView("sign-in");
  return (
    <div ref={container}>
      {view === "sign-in" && (
        <SignIn
          {...props}
          {...(settings?.sign_up === "open" && { signUp: () => setView("sign-up") })}
          forgotPassword={() => setView("forgot-password")}
        />
      )}
      {view === "sign-up" && <SignUp {...props} signIn={signIn} />}
      {view === "forgot-password" && <ForgotPassword {...props} signIn={signIn} />}
    </div>
  );
}
