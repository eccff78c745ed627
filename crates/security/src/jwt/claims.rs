//! The claims of a token in JSON.

use chrono::DateTime;
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;
use vestibule_domain::{AccessClaims, AuthMethods, Id, RoleName, Timestamp, TokenError};

use super::JwtSettings;

/// The only OAuth client, for the claim `client_id` (RFC 9068, section 2.2).
const CLIENT_ID: &str = "vestibule";

/// The claims of RFC 7519, section 4.1, and RFC 9068, section 2.2. All but `auth_time`, `amr` and `roles` are required, and
/// none may be repeated. Unknown claims are ignored, so that a newer instance can add some.
#[derive(Serialize, Deserialize)]
pub(super) struct Claims {
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
    client_id: String,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    amr: Option<Vec<String>>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<String>>,
}

/// Deserializes a claim that may be absent, but not `null`.
fn not_null<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl Claims {
    pub(super) fn new(claims: &AccessClaims, settings: &JwtSettings) -> Self {
        let AccessClaims {
            user,
            session,
            token,
            issued_at,
            not_before,
            expires_at,
            authenticated_at,
            methods,
            roles,
        } = claims;
        Self {
            iss: settings.issuer.clone(),
            aud: settings.audience.clone(),
            sub: user.to_string(),
            sid: session.to_string(),
            iat: issued_at.timestamp(),
            nbf: not_before.timestamp(),
            exp: expires_at.timestamp(),
            jti: token.to_string(),
            client_id: CLIENT_ID.to_owned(),
            auth_time: authenticated_at.map(|at| at.timestamp()),
            amr: Some(methods.names().map(str::to_owned).collect()),
            roles: roles
                .as_ref()
                .map(|roles| roles.iter().map(RoleName::to_string).collect()),
        }
    }

    /// Removes the role names, which are informative and not used for authorization.
    pub(super) fn without_roles(self) -> Self {
        Self { roles: None, ..self }
    }

    /// Validates all claims except the times, which the caller compares with its clock.
    pub(super) fn validate(self, settings: &JwtSettings) -> Result<AccessClaims, TokenError> {
        let Self {
            iss,
            aud,
            sub,
            sid,
            iat,
            nbf,
            exp,
            jti,
            client_id,
            auth_time,
            amr,
            roles,
        } = self;
        if !is_same(&iss, &settings.issuer) || !is_same(&aud, &settings.audience) || client_id != CLIENT_ID {
            return Err(TokenError);
        }
        Ok(AccessClaims {
            user: parse_id(&sub)?,
            session: parse_id(&sid)?,
            token: parse_id::<Uuid>(&jti)?.as_uuid(),
            issued_at: parse_time(iat)?,
            not_before: parse_time(nbf)?,
            expires_at: parse_time(exp)?,
            authenticated_at: auth_time.map(parse_time).transpose()?,
            methods: AuthMethods::from_names(amr.iter().flatten().map(String::as_str)),
            roles: roles
                .map(|names| names.iter().map(|name| name.parse()).collect())
                .transpose()
                .map_err(|_| TokenError)?,
        })
    }
}

/// Returns whether a claim has the expected value. On `localhost` the port may differ: by default the public URL has the
/// port that an instance listens on, and instances accept each other's tokens.
fn is_same(claim: &str, expected: &str) -> bool {
    claim == expected || (is_local(claim) && is_local(expected))
}

fn is_local(url: &str) -> bool {
    url.strip_prefix("http://localhost")
        .is_some_and(|rest| rest.is_empty() || rest.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok()))
}

fn parse_id<T>(text: &str) -> Result<Id<T>, TokenError> {
    text.parse().map_err(|_| TokenError)
}

fn parse_time(seconds: i64) -> Result<Timestamp, TokenError> {
    DateTime::from_timestamp(seconds, 0).ok_or(TokenError)
}
