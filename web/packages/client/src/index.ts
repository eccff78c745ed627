export {
  type ClientOptions,
  createClient,
  createServerClient,
  type ServerClientOptions,
  type VestibuleClient,
} from "./client.js";
export type { InputOf, OperationName, Operations, ResultOf, Versioned } from "./operations.js";
export type { Page } from "./page.js";
export {
  type FieldError,
  fieldErrors,
  isProblem,
  isSecondFactorRequired,
  NetworkError,
  type ProblemCode,
  ProblemError,
  type SecondFactorRequired,
} from "./problem.js";
export type {
  Access,
  AddedPasskey,
  AuditEvent,
  CreateRoleRequest,
  CreateUserRequest,
  Export,
  Factors,
  FieldCode,
  FieldProblem,
  Me,
  NewTotp,
  Passkey,
  Permission,
  ProofMethod,
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
export type { Credentials, SignInProof } from "./session/auth-api.js";
export type { Session } from "./session/session.js";
export type { SessionState } from "./session/state.js";
export type { StepUpHandler, StepUpRequired } from "./session/step-up.js";
export { localStorageTokens, memoryTokens, type TokenStorage } from "./session/tokens.js";
