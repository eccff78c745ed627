"use client";

export { RequirePermission, SignedIn, SignedOut } from "./guards.js";
export { useClient, VestibuleProvider } from "./provider.js";
export { SignInForm } from "./sign-in-form.js";
export { type UseSession, useMe, usePermission, useSession } from "./use-session.js";
