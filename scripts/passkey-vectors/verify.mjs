// Compares the verdicts of @simplewebauthn/server with those of Vestibule in the file of vectors.
import { readFileSync } from "node:fs";
import { verifyAuthenticationResponse, verifyRegistrationResponse } from "@simplewebauthn/server";

async function verdict({ challenge, origins, rpId, credential, key }) {
  const expected = {
    response: credential,
    expectedChallenge: challenge,
    expectedOrigin: origins,
    expectedRPID: rpId,
    requireUserVerification: false,
  };
  try {
    const { verified } = key
      ? await verifyAuthenticationResponse({
          ...expected,
          credential: { id: credential.id, ...key, publicKey: Buffer.from(key.publicKey, "base64url") },
        })
      : await verifyRegistrationResponse({
          ...expected,
          requireUserPresence: false,
          supportedAlgorithmIDs: [-8, -7, -257],
        });
    return { accepted: verified, reason: verified ? "" : "not verified" };
  } catch (error) {
    return { accepted: false, reason: error.message };
  }
}

// Vectors about which the verdicts differ, because the other verifier is more lenient.
const KNOWN = [
  /^create: identifier of (15|1024) bytes$/, // It does not check the length.
  /"crossOrigin":(true|"true")/, // It ignores the member.
  /^create: .*"topOrigin"/, // It checks the member only at authentication…
  /"topOrigin":null/, // …and only if it is a text.
];

const vectors = JSON.parse(readFileSync(process.argv[2], "utf8"));
let failures = 0;
for (const vector of vectors) {
  const { accepted, reason } = await verdict(vector);
  const word = (yes) => (yes ? "accepts" : "rejects");
  const known = KNOWN.some((pattern) => pattern.test(vector.name));
  const differs = accepted !== vector.accepted;
  if (differs !== known) failures += 1;
  if (differs) {
    console.log(`${vector.name}: Vestibule ${word(vector.accepted)}, the other ${word(accepted)} it. ${reason}`);
  }
}
const accepted = vectors.filter((vector) => vector.accepted).length;
console.log(`${vectors.length} vectors, of which Vestibule accepts ${accepted}; ${failures} unexpected verdicts`);
process.exitCode = failures > 0 ? 1 : 0;
