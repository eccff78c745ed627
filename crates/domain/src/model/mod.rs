//! Values of the domain: valid once they exist, and independent of every other layer.

mod access_token;
mod actor;
mod audit_action;
mod audit_event;
mod challenge;
mod client_info;
mod email_address;
mod factor;
mod id;
mod idempotency;
mod installation;
mod json;
mod names;
pub mod number;
mod one_time_token;
mod outbox;
mod page;
mod passkey;
mod passkey_authenticators;
mod password;
mod password_attempt;
mod patch;
pub mod permission;
mod policy;
mod quota;
mod refresh_token;
mod role;
mod secret;
mod session;
mod sort;
pub mod text;
mod time;
mod totp;
mod user;
mod user_list;
mod user_search;
mod version;

pub use access_token::{AccessClaims, ClaimedTimesError};
pub use actor::{Actor, Denied};
pub use audit_action::AuditAction;
pub use audit_event::{ActorKind, AuditEvent, AuditFilter, Detail, EventActor, EventTarget, ListEvents};
pub use challenge::{CHALLENGE_TOKEN_BYTES, Challenge, ChallengePurpose, ChallengeToken, MAX_FAILED_ATTEMPTS};
pub use client_info::{ClientInfo, Device};
pub use email_address::{EmailAddress, EmailError, NormalizedEmail};
pub use factor::{
    AuthMethod, AuthMethods, Factors, ProofMethod, RECOVERY_CODES, RecoveryCode, RecoveryCodeDigest, StepUpRequired,
    TotpFactor,
};
pub use id::{Id, Kind, ParseIdError};
pub use idempotency::{IdempotencyKey, IdempotentRequest, ParseIdempotencyKeyError, StoredRequest};
pub use installation::{Installation, KeyFingerprint};
pub use json::Json;
pub use number::{Integer, NumberError};
pub use one_time_token::{LinkToken, OneTimeToken, ParseLinkTokenError, TokenPurpose};
pub use outbox::{EmailKind, ListedEmail, OutboxCounts, Priority, QueuedEmail};
pub use page::{Limit, ListRequest, Listed, Page, Total};
pub use passkey::{
    AuthenticationResponse, CredentialId, MAX_PASSKEYS, Passkey, PasskeyChallenge, PasskeyKey, PasskeyName,
    RegistrationResponse, VerifiedPasskeyUse,
};
pub use passkey_authenticators::authenticator_name;
pub use password::{Password, PasswordError, PasswordHash, StoredPassword};
pub use password_attempt::{PasswordAttempt, WaitingClient};
pub use patch::Patch;
pub(crate) use permission::is_name;
pub use permission::{ParsePermissionError, Permission, Permissions};
pub use policy::{Policy, SignUpPolicy};
pub use quota::{Acquisition, Quota, RateLimitKey, RateLimited};
pub use refresh_token::{REFRESH_TOKEN_BYTES, RefreshToken, TokenPair};
pub use role::{Description, ListRoles, ParseRoleNameError, Role, RoleName, RoleRow};
pub use secret::Secret;
pub use session::{
    AuthenticatedSession, CurrentPermissions, CurrentUser, ListSessions, LiveAt, Session, SessionRow, SessionSecret,
};
pub use sort::{Order, Position, SearchText};
pub(crate) use text::is_bidi_control;
pub use text::{TextError, fold};
pub use time::{Date, Timestamp, to_microseconds};
pub use totp::{ParseTotpSecretError, ParseTotpUriError, TotpCode, TotpSecret, TotpStep};
pub use user::{DisplayName, Status, User, UserRow, UserTimes};
pub use user_list::{ListUsers, UserFilter, UserOrder, UserPosition};
pub use user_search::{SearchPrefix, search_terms};
pub use version::{IfMatch, Stale, Version};

pub use rust_decimal::Decimal;
