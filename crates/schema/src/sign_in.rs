//! Sign-in, refresh and sign-out.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{RequestErrors, name::names_schema};

/// The transport of the refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserr, ToSchema)]
#[deserr(error = RequestErrors, rename_all = lowercase)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// In the JSON of requests and responses.
    #[default]
    Body,
    /// In a cookie that scripts cannot read, for web apps. Requires an allowed `Origin` and a non-empty
    /// `X-Requested-With`.
    Cookie,
}

/// The credentials of a sign-in.
#[derive(Deserr, ToSchema)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "email": "ada@example.com", "password": "correct horse battery" }))]
pub struct LoginRequest {
    /// The email address of the account.
    pub email: String,
    /// The password of the account.
    pub password: String,
    /// The transport of the refresh token; `body` by default.
    #[deserr(default, from(Transport) = Some)]
    #[schema(nullable = false)]
    pub transport: Option<Transport>,
}

/// A request for new tokens.
#[derive(Deserr, ToSchema)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "refresh_token": "AZM7HnwAcACAAC9uShucPQAAAAD0aX0nq…" }))]
pub struct RefreshRequest {
    /// The refresh token. If absent, the cookie is used; without a cookie, the response is 204.
    #[deserr(default, from(String) = Some)]
    #[schema(nullable = false)]
    pub refresh_token: Option<String>,
    /// `cookie` if the refresh token is in the cookie. Cannot be combined with `refresh_token`.
    #[deserr(default, from(Transport) = Some)]
    #[schema(nullable = false)]
    pub transport: Option<Transport>,
}

/// A sign-out.
#[derive(Deserr, ToSchema)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "refresh_token": "AZM7HnwAcACAAC9uShucPQAAAAD0aX0nq…" }))]
pub struct LogoutRequest {
    /// The refresh token of the session to revoke, in addition to the sessions of the access token and the cookie.
    #[deserr(default, from(String) = Some)]
    #[schema(nullable = false)]
    pub refresh_token: Option<String>,
}

/// A type of access token (RFC 6750).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TokenType {
    /// The token is sent in the header `Authorization`.
    Bearer,
}

/// The tokens of a session.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTkzM2IxZSJ9.c2lnbmF0dXJl",
    "token_type": "bearer",
    "expires_in": 1800,
    "session_id": "01933b1e-7c00-7000-8000-5a1d5f3f7a10",
    "refresh_token": "AZM7HnwAcACAAC9uShucPQAAAAD0aX0nq…",
    "refresh_expires_in": 2_592_000
}))]
pub struct TokenResponse {
    /// The access token for the `Authorization` header, after `Bearer `. At most 4,096 bytes; the claim `roles` is
    /// omitted from a token that would be longer.
    pub access_token: String,
    /// The type of the access token.
    pub token_type: TokenType,
    /// The lifetime of the access token, in seconds.
    pub expires_in: i64,
    /// The identifier of the session.
    pub session_id: Uuid,
    /// The refresh token, which can be used once. Absent with the transport `cookie`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub refresh_token: Option<String>,
    /// The remaining lifetime of the session, in seconds.
    pub refresh_expires_in: i64,
}

/// Grant types (RFC 6749, sections 4.3.2 and 6).
pub mod grant_type {
    /// Tokens for an email address and a password.
    pub const PASSWORD: &str = "password";
    /// Tokens for a refresh token.
    pub const REFRESH_TOKEN: &str = "refresh_token";
}

names_schema!(
    /// A grant type (RFC 6749, sections 4.3.2 and 6).
    GrantType = [grant_type::PASSWORD, grant_type::REFRESH_TOKEN]
);

/// An OAuth 2.0 token request (RFC 6749, sections 4.3.2 and 6). Other parameters are ignored.
#[derive(ToSchema)]
#[schema(example = json!({
    "grant_type": "password", "username": "ada@example.com", "password": "correct horse battery"
}))]
pub struct OAuthRequest {
    /// The grant type.
    #[schema(required, nullable = false, value_type = Option<GrantType>)]
    pub grant_type: Option<String>,
    /// The email address of the account, for the grant `password`.
    #[schema(nullable = false)]
    pub username: Option<String>,
    /// The password of the account, for the grant `password`.
    #[schema(nullable = false)]
    pub password: Option<String>,
    /// The refresh token, for the grant `refresh_token`.
    #[schema(nullable = false)]
    pub refresh_token: Option<String>,
}

/// The response to a token request (RFC 6749, section 5.1).
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTkzM2IxZSJ9.c2lnbmF0dXJl",
    "token_type": "bearer",
    "expires_in": 1800,
    "refresh_token": "AZM7HnwAcACAAC9uShucPQAAAAD0aX0nq…"
}))]
pub struct OAuthTokenResponse {
    /// The access token for the `Authorization` header, after `Bearer `. At most 4,096 bytes; the claim `roles` is
    /// omitted from a token that would be longer.
    pub access_token: String,
    /// The type of the access token.
    pub token_type: TokenType,
    /// The lifetime of the access token, in seconds.
    pub expires_in: i64,
    /// The refresh token, which can be used once.
    pub refresh_token: String,
}

/// The error response to a token request (RFC 6749, section 5.2).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "error": "invalid_grant", "error_description": "The username, password or refresh token is incorrect"
}))]
pub struct OAuthError {
    /// The error code, for programs.
    pub error: OAuthErrorCode,
    /// The error message, for people.
    pub error_description: String,
}

/// An OAuth 2.0 error code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OAuthErrorCode {
    /// A parameter is missing, repeated or malformed.
    InvalidRequest,
    /// The credentials or the refresh token are invalid.
    InvalidGrant,
    /// The grant type is not supported.
    UnsupportedGrantType,
}
