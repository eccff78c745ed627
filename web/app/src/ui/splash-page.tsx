import { Logo } from "./logo";

/** Shown while the session is being restored. */
export function SplashPage() {
  return (
    <div className="flex min-h-dvh items-center justify-center">
      <Logo className="size-9 animate-pulse motion-reduce:animate-none" />
      <p role="status" className="sr-only">
        Loading
      </p>
    </div>
  );
}
