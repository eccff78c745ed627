export { PasskeyError, type PasskeyErrorReason } from "./passkey-error.js";
export { type AddPasskeyOptions, addPasskey, addPasskeyAutomatically } from "./registration.js";
export { type PasskeySignInOptions, signInWithPasskey, stepUpWithPasskey } from "./sign-in.js";
export { signalAcceptedPasskeys, signalUnknownPasskey, signalUserDetails } from "./signals.js";
export { passkeyAutofillSupported, passkeysSupported } from "./support.js";
