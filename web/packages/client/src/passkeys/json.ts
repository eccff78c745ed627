import type {
  AuthenticationResponse,
  CreationOptions,
  CredentialDescriptor,
  RegistrationResponse,
  RequestOptions,
} from "../schema.gen.js";
import { passkeyMethods } from "./support.js";

/** Converts the options of the server for `navigator.credentials.get()`. */
export function requestOptionsFrom(options: RequestOptions): PublicKeyCredentialRequestOptions {
  const browser = passkeyMethods();
  if (browser.parseRequestOptionsFromJSON) return browser.parseRequestOptionsFromJSON(options);
  const { challenge, allowCredentials, ...others } = options;
  return {
    ...others,
    challenge: decode(challenge),
    ...(allowCredentials && { allowCredentials: allowCredentials.map(descriptorFrom) }),
  };
}

/** Converts the options of the server for `navigator.credentials.create()`. */
export function creationOptionsFrom(options: CreationOptions): PublicKeyCredentialCreationOptions {
  const browser = passkeyMethods();
  if (browser.parseCreationOptionsFromJSON) return browser.parseCreationOptionsFromJSON(options);
  return {
    ...options,
    challenge: decode(options.challenge),
    user: { ...options.user, id: decode(options.user.id) },
    excludeCredentials: options.excludeCredentials.map(descriptorFrom),
    attestation: "none",
  };
}

/** Converts the result of `navigator.credentials.get()` for the server. */
export function authenticationResponseFrom(credential: PublicKeyCredential): AuthenticationResponse {
  return (nativeJSON(credential) ?? {
    ...identityOf(credential),
    response: encodeMembers(credential.response, ["clientDataJSON", "authenticatorData", "signature", "userHandle"]),
  }) as AuthenticationResponse;
}

/** Converts the result of `navigator.credentials.create()` for the server. */
export function registrationResponseFrom(credential: PublicKeyCredential): RegistrationResponse {
  const response: Partial<AuthenticatorAttestationResponse> = credential.response;
  return (nativeJSON(credential) ?? {
    ...identityOf(credential),
    response: {
      ...encodeMembers(credential.response, ["clientDataJSON", "attestationObject"]),
      transports: response.getTransports?.() ?? [],
    },
    clientExtensionResults: credential.getClientExtensionResults(),
  }) as RegistrationResponse;
}

/** Returns `null` where `toJSON` is missing, or does not work with the objects of some password managers. */
function nativeJSON(credential: PublicKeyCredential): unknown {
  try {
    return credential.toJSON();
  } catch {
    return null;
  }
}

function identityOf({ id, type }: PublicKeyCredential) {
  return { id, rawId: id, type };
}

/** Encodes the buffers of a response by name, without those that are `null` or missing. */
function encodeMembers(response: object, names: readonly string[]): Record<string, string> {
  const members: Record<string, string> = {};
  for (const name of names) {
    const buffer: ArrayBuffer | null | undefined = Reflect.get(response, name);
    if (buffer) members[name] = encode(buffer);
  }
  return members;
}

function descriptorFrom({ id, type, transports }: CredentialDescriptor): PublicKeyCredentialDescriptor {
  return { id: decode(id), type, ...(transports && { transports: transports as AuthenticatorTransport[] }) };
}

/** Decodes base64url without padding. */
function decode(text: string): ArrayBuffer {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0)).buffer;
}

/** Encodes as base64url without padding. */
function encode(buffer: ArrayBuffer): string {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
