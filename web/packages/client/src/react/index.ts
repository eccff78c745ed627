export { useClient } from "./context.js";
export { RequirePermission, SignedIn, SignedOut } from "./gates.js";
export { VestibuleProvider } from "./provider.js";
export { SignInForm } from "./sign-in-form.js";
export { type UseSession, usePermission, useSession } from "./use-session.js";
