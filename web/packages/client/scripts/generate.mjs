// Generates the types and routes of the API from the committed OpenAPI document.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const source = new URL("../../../../docs/openapi.json", import.meta.url);
const banner = "// Generated from docs/openapi.json by `npm run generate`. Do not edit.\n\n";

/** Operations that issue or revoke tokens. The session calls them; they are not functions of the client. */
const sessionOperations = ["login", "proveSecondFactor", "signInWithPasskey", "logout", "refreshTokens", "issueToken"];

/** Returns the text of the generated files, keyed by path in this package. */
export async function generate() {
  const document = JSON.parse(await readFile(source, "utf8"));
  const types = await openapiTS(document, {
    emptyObjectsUnknown: true,
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
  });
  return { "src/schema.gen.ts": banner + astToString(types), "src/routes.gen.ts": banner + routesModule(document) };
}

function routesModule(document) {
  const operations = Object.entries(document.paths)
    .filter(([path]) => path.startsWith("/api/"))
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));
  const routes = operations
    .filter(({ operation }) => !sessionOperations.includes(operation.operationId))
    .sort((a, b) => (a.operation.operationId < b.operation.operationId ? -1 : 1))
    .map(
      ({ path, method, operation }) =>
        `  ${operation.operationId}: ${JSON.stringify(route(path, method, operation))},\n`,
    );
  return [
    "/** The route of each operation. `public`: no token; `paged`: a paginated list; `creates`: sends an idempotency key. */\n",
    `export const routes = {\n${routes.join("")}} as const;\n`,
  ].join("");
}

function route(path, method, operation) {
  const parameters = new Set((operation.parameters ?? []).map(({ name }) => name));
  return {
    method: method.toUpperCase(),
    path,
    ...(operation.security.length > 0 ? {} : { public: true }),
    ...(parameters.has("cursor") ? { paged: true } : {}),
    ...(parameters.has("Idempotency-Key") ? { creates: true } : {}),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of Object.entries(await generate())) {
    await writeFile(new URL(`../${path}`, import.meta.url), text);
  }
}
