/** The texts of all components. Replace them through the property `texts` of the provider or of one component. */
export interface Texts {
  email: string;
  password: string;
  showPassword: string;
  hidePassword: string;
  passwordHint(minLength: number): string;

  signInTitle: string;
  signIn: string;
  invalidCredentials: string;
  accountDisabled: string;
  emailNotVerified: string;
  forgotPassword: string;
  noAccount: string;
  createAccount: string;
  signInWithPasskey: string;
  signInExpired: string;

  secondFactorTitle: string;
  stepUpTitle: string;
  stepUpIntro: string;
  code: string;
  codeHint: string;
  recoveryCode: string;
  recoveryCodeHint: string;
  passkeyHint: string;
  verify: string;
  cancel: string;
  useTotp: string;
  usePasskey: string;
  useRecoveryCode: string;
  usePassword: string;
  codeRequired: string;
  codeIncorrect: string;
  recoveryCodeIncorrect: string;
  passwordIncorrect: string;
  passkeyCancelled: string;
  passkeyUnsupported: string;
  passkeyFailed: string;
  passkeyUnknown: string;

  signUpTitle: string;
  signUp: string;
  signUpClosed: string;
  haveAccount: string;
  accountCreatedTitle: string;
  accountCreated: string;
  checkEmailTitle: string;
  checkEmail(email: string): string;
  resendEmail: string;
  emailResent: string;

  forgotPasswordTitle: string;
  forgotPasswordIntro: string;
  sendLink: string;
  linkSent(email: string): string;
  backToSignIn: string;

  emailRequired: string;
  emailInvalid: string;
  emailTaken: string;
  passwordRequired: string;
  passwordTooShort(minLength: number): string;
  passwordTooLong(maxLength: number): string;
  passwordTooCommon: string;

  tooManyAttempts(seconds: number): string;
  unreachable: string;
  serverError: string;

  offline: string;
  retry: string;

  userMenu(name: string): string;
  signOut: string;
}

/** The English texts. */
export const defaultTexts: Texts = {
  email: "Email",
  password: "Password",
  showPassword: "Show password",
  hidePassword: "Hide password",
  passwordHint: (minLength) => `At least ${minLength} characters.`,

  signInTitle: "Sign in",
  signIn: "Sign in",
  invalidCredentials: "Incorrect email or password.",
  accountDisabled: "This account is disabled. Contact an administrator to enable it.",
  emailNotVerified: "Verify your email address first: open the link we sent you.",
  forgotPassword: "Forgot password?",
  noAccount: "No account yet?",
  createAccount: "Create one",
  signInWithPasskey: "Sign in with a passkey",
  signInExpired: "Your sign-in has expired. Enter your password again.",

  secondFactorTitle: "Verify it's you",
  stepUpTitle: "Confirm it's you",
  stepUpIntro: "Confirm your identity to continue.",
  code: "Authentication code",
  codeHint: "Enter the 6-digit code from your authenticator app.",
  recoveryCode: "Recovery code",
  recoveryCodeHint: "Each recovery code can be used once.",
  passkeyHint: "Use your fingerprint, your face, your screen lock or a security key.",
  verify: "Verify",
  cancel: "Cancel",
  useTotp: "Use your authenticator app",
  usePasskey: "Use a passkey",
  useRecoveryCode: "Use a recovery code",
  usePassword: "Use your password",
  codeRequired: "Enter a code.",
  codeIncorrect: "This code is incorrect or has expired. Enter the current code of your app.",
  recoveryCodeIncorrect: "This recovery code is incorrect or has already been used.",
  passwordIncorrect: "Incorrect password.",
  passkeyCancelled: "No passkey was used. Try again, or use another method.",
  passkeyUnsupported: "This browser or device does not support passkeys. Use another method.",
  passkeyFailed: "This passkey could not be used. Try again, or use another method.",
  passkeyUnknown: "This passkey does not belong to an account here. Use another method.",

  signUpTitle: "Create your account",
  signUp: "Create account",
  signUpClosed: "Sign-up is by invitation only.",
  haveAccount: "Already have an account?",
  accountCreatedTitle: "Your account was created",
  accountCreated: "You could not be signed in automatically. Sign in with your email address and password.",
  checkEmailTitle: "Check your email",
  checkEmail: (email) => `Your account was created. Open the link we sent to ${email}, then sign in.`,
  resendEmail: "Resend email",
  emailResent: "Email sent.",

  forgotPasswordTitle: "Reset your password",
  forgotPasswordIntro: "Enter your email address and we'll send you a link to set a new password.",
  sendLink: "Send link",
  linkSent: (email) => `If an account exists for ${email}, we sent it a link to set a new password.`,
  backToSignIn: "Back to sign in",

  emailRequired: "Enter your email address.",
  emailInvalid: "Enter a valid email address.",
  emailTaken: "An account with this email already exists.",
  passwordRequired: "Enter a password.",
  passwordTooShort: (minLength) => `Use at least ${minLength} characters.`,
  passwordTooLong: (maxLength) => `Use at most ${maxLength} characters.`,
  passwordTooCommon: "This password is too common. Choose one that is harder to guess.",

  tooManyAttempts: (seconds) => `Too many attempts. Try again in ${duration(seconds)}.`,
  unreachable: "Can't reach the server. Check your connection and try again.",
  serverError: "Something went wrong on the server. Try again later.",

  offline: "Can't reach the server. Retrying…",
  retry: "Retry",

  userMenu: (name) => `Account: ${name}`,
  signOut: "Sign out",
};

function duration(seconds: number): string {
  if (seconds < 90) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
