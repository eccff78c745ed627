import { client } from "../../lib/session";

/** The calls of those who are not signed in, shaped as their forms are filled in. */

export const signIn = (values: { email: string; password: string }) => client.session.signIn(values);

export const signUp = (body: { email: string; password: string; display_name?: string }) => client.createUser({ body });

export const setUp = (body: { token: string; email: string; password: string }) => client.completeSetup({ body });

export const requestPasswordReset = (body: { email: string }) => client.requestPasswordReset({ body });

export const resendVerification = (body: { email: string }) => client.resendVerificationEmail({ body });

export const resetPassword = (body: { token: string; new_password: string }) => client.resetPassword({ body });

export const verifyEmail = (body: { token: string; password?: string }) => client.verifyEmail({ body });

export const confirmEmailChange = (body: { token: string }) => client.confirmEmailChange({ body });
