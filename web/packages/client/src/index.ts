export {
  type ClientOptions,
  createClient,
  createServerClient,
  type ServerClientOptions,
  type VestibuleClient,
} from "./client.js";
export type { InputOf, OperationName, Operations, ResultOf, Versioned } from "./operations.js";
export type { Page } from "./page.js";
export { type FieldError, fieldErrors, isProblem, NetworkError, type ProblemCode, ProblemError } from "./problem.js";
export type {
  Access,
  AuditEvent,
  CreateRoleRequest,
  CreateUserRequest,
  Export,
  FieldCode,
  FieldProblem,
  Me,
  Permission,
  Role,
  RoleRow,
  Session as SessionInfo,
  SettingsResponse as Settings,
  Status as UserStatus,
  Transport,
  UpdateMeRequest,
  UpdateRoleRequest,
  UpdateUserRequest,
  User,
  UserRow,
} from "./schema.gen.js";
export type { Credentials } from "./session/auth-api.js";
export type { Session } from "./session/session.js";
export type { SessionState } from "./session/state.js";
export { localStorageTokens, memoryTokens, type TokenStorage } from "./session/tokens.js";
