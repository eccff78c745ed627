//! JSON types of the HTTP API, and their conversions from domain values.
//!
//! Requests consist of domain values. The module `request` explains how they are deserialized.

mod account;
mod audit;
mod credentials;
mod email_verification;
mod factors;
mod field;
mod name;
mod passkey_options;
mod passkeys;
mod password_reset;
mod problem;
mod request;
mod roles;
mod second_factor;
mod service;
mod sessions;
mod setup;
mod sign_in;
mod time;
mod users;

pub use account::{
    ChangeEmailRequest, ChangePasswordRequest, ConfirmEmailChangeRequest, DeleteMeRequest, EmailKindName, ExportHead,
    ExportResponse, MailResponse, MeResponse, UpdateMeRequest,
};
pub use audit::{
    ActionName, ActorKindName, AuditEventResponse, DetailResponse, EventActorResponse, EventTargetResponse,
    ListAuditEventsQuery, TargetKindName,
};
pub use credentials::{AuthenticationCredential, RegistrationCredential};
pub use deserr;
pub use email_verification::{LinkRequest, VerifyEmailRequest};
pub use factors::{ConfirmTotpRequest, ConfirmedTotpResponse, FactorsResponse, NewTotpResponse, RecoveryCodesResponse};
pub use field::{FieldCode, FieldError};
pub use passkey_options::{NewPasskeyRequestResponse, PasskeyRequestResponse};
pub use passkeys::{AddPasskeyRequest, AddedPasskeyResponse, PasskeyResponse, UpdatePasskeyRequest};
pub use password_reset::ResetPasswordRequest;
pub use problem::{Code, FieldLocation, FieldProblem, Problem};
pub use request::{
    BodyError, ListQuery, PageQuery, ParsedBody, QueryBool, QueryParameters, RequestBody, RequestErrors, SetsPassword,
    WithNewPassword, parse_body, parse_text, sort_by, value_of,
};
pub use roles::{
    CreateRoleRequest, ListRolesQuery, PermissionResponse, RoleResponse, RoleRowResponse, UpdateRoleRequest,
};
pub use second_factor::{
    CodeMethod, PasskeyOptionsRequest, PasskeySignInRequest, ProofMethodName, SecondFactorRequest, StepUpRequest,
};
pub use service::{
    HealthResponse, HealthStatus, JwkResponse, JwksResponse, PasskeyEndpointsResponse, PasswordRules,
    RelatedOriginsResponse, SettingsResponse, SignUpName, WelcomeResponse,
};
pub use sessions::{ListSessionsQuery, SessionResponse};
pub use setup::SetupRequest;
pub use sign_in::{
    LoginRequest, LogoutRequest, OAuthError, OAuthErrorCode, OAuthRequest, OAuthTokenResponse, RefreshRequest,
    TokenResponse, TokenType, Transport, grant_type,
};
pub use time::parse as parse_time;
pub use users::{
    AccessQuery, AccessResponse, AssignRolesRequest, CreateUserRequest, ListUsersQuery, SignInBlockerCode,
    SignInBlockerResponse, SignInResponse, StatusName, UpdateUserRequest, UserResponse, UserRowResponse, UserSort,
};
