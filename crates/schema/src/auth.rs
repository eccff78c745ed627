//! Signing in and out.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::patch::present;

/// How the refresh token travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// In the JSON of requests and answers.
    #[default]
    Body,
    /// In a cookie that scripts cannot read, for web apps. Such requests need an `Origin` that is
    /// allowed, and some `X-Requested-With`.
    Cookie,
}

/// Somebody signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "email": "ada@example.com", "password": "correct horse battery" }))]
pub struct LoginRequest {
    /// The address of the account.
    pub email: String,
    /// The password of the account.
    #[schema(format = "password")]
    pub password: String,
    /// How the refresh token is to travel; `body` when absent.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    pub transport: Option<Transport>,
}

/// Somebody wants new tokens.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "refresh_token": "AZM7HnwAcACAAC9uShucPQAAAAD0aX0nq…" }))]
pub struct RefreshRequest {
    /// The refresh token. Without one the cookie counts, and without that the answer is 204.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    pub refresh_token: Option<String>,
    /// `cookie` when the refresh token is in the cookie. Not together with `refresh_token`.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    pub transport: Option<Transport>,
}

/// Somebody signs out.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "refresh_token": "AZM7HnwAcACAAC9uShucPQAAAAD0aX0nq…" }))]
pub struct LogoutRequest {
    /// The refresh token of the session to end, when no access token tells which.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    pub refresh_token: Option<String>,
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
    /// Goes into the `Authorization` header, after `Bearer `. At most 4,096 bytes long: the claim `roles` is left
    /// out of a token that would be longer.
    pub access_token: String,
    /// Always `bearer`.
    pub token_type: &'static str,
    /// How long the access token is good for, in seconds.
    pub expires_in: i64,
    /// The session.
    pub session_id: Uuid,
    /// Gives new tokens, once. It is not here when it travels in the cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub refresh_token: Option<String>,
    /// How long the session lasts, in seconds.
    pub refresh_expires_in: i64,
}

/// A token request as OAuth 2.0 has it (RFC 6749, sections 4.3.2 and 6). Other members are ignored.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({
    "grant_type": "password", "username": "ada@example.com", "password": "correct horse battery"
}))]
pub struct OAuthRequest {
    /// `password` or `refresh_token`.
    pub grant_type: Option<String>,
    /// The address of the account, for `password`.
    pub username: Option<String>,
    /// The password of the account, for `password`.
    #[schema(format = "password")]
    pub password: Option<String>,
    /// The refresh token, for `refresh_token`.
    pub refresh_token: Option<String>,
}

/// The answer to a token request (RFC 6749, section 5.1).
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTkzM2IxZSJ9.c2lnbmF0dXJl",
    "token_type": "bearer",
    "expires_in": 1800,
    "refresh_token": "AZM7HnwAcACAAC9uShucPQAAAAD0aX0nq…"
}))]
pub struct OAuthTokenResponse {
    /// Goes into the `Authorization` header, after `Bearer `. At most 4,096 bytes long: the claim `roles` is left
    /// out of a token that would be longer.
    pub access_token: String,
    /// Always `bearer`.
    pub token_type: &'static str,
    /// How long the access token is good for, in seconds.
    pub expires_in: i64,
    /// Gives new tokens, once.
    pub refresh_token: String,
}

/// Why a token request failed (RFC 6749, section 5.2).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "error": "invalid_grant", "error_description": "The username or the password is wrong"
}))]
pub struct OAuthError {
    /// For programs.
    pub error: OAuthErrorCode,
    /// For people.
    pub error_description: String,
}

/// Why a token request failed, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OAuthErrorCode {
    /// A parameter is missing, repeated or malformed.
    InvalidRequest,
    /// The credentials or the refresh token are wrong.
    InvalidGrant,
    /// There is no such grant here.
    UnsupportedGrantType,
}
