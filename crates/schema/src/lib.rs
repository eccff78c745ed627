//! The wire types: what travels over HTTP as JSON, and how the domain's values become it.
//!
//! Requests refuse unknown members. A request is text as somebody sent it; the domain parses it.

mod access;
mod audit;
mod auth;
mod export;
mod field;
mod name;
mod patch;
mod problem;
mod role;
mod service;
mod session;
mod setup;
mod time;
mod user;
mod verification;

pub use access::{AccessQuery, AccessResponse, ObstacleResponse, SignInResponse};
pub use audit::{AuditEventResponse, DetailResponse, EventActorResponse, EventTargetResponse, ListAuditEventsQuery};
pub use auth::{
    LoginRequest, LogoutRequest, OAuthError, OAuthErrorCode, OAuthRequest, OAuthTokenResponse, RefreshRequest,
    TokenResponse, Transport,
};
pub use export::{ExportHead, ExportResponse, MailResponse};
pub use field::{FieldCode, Refusal};
pub use problem::{Code, FieldProblem, Place, Problem};
pub use role::{
    CreateRoleRequest, ListRolesQuery, PermissionResponse, RoleResponse, RoleRowResponse, UpdateRoleRequest,
};
pub use service::{
    HealthResponse, JwkResponse, JwksResponse, PasswordRules, SettingsResponse, SignUpName, WelcomeResponse,
};
pub use session::{ListSessionsQuery, SessionResponse};
pub use setup::SetupRequest;
pub use time::parse as parse_time;
pub use user::{
    AssignRolesRequest, ChangeEmailRequest, ChangePasswordRequest, CreateUserRequest, DeleteMeRequest, ListUsersQuery,
    MeResponse, StatusName, UpdateMeRequest, UpdateUserRequest, UserResponse, UserRowResponse,
};
pub use verification::{ConfirmEmailChangeRequest, LinkRequest, ResetPasswordRequest, VerifyEmailRequest};
