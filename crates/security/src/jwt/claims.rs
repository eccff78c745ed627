//! The claims of a token as they are written.

use chrono::DateTime;
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;
use vestibule_domain::{AccessClaims, Id, RoleName, Timestamp, TokenError};

use super::JwtSettings;

/// The one client there is (RFC 9068, section 2.2).
const CLIENT: &str = "vestibule";

/// RFC 7519, section 4.1, and RFC 9068, section 2.2. All but `roles` are required, each once; unknown ones
/// are ignored, so that a newer instance may add some.
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
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<String>>,
}

/// Reads a claim that may be absent, but not `null`.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    Vec::deserialize(deserializer).map(Some)
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
            client_id: CLIENT.to_owned(),
            roles: roles
                .as_ref()
                .map(|roles| roles.iter().map(RoleName::to_string).collect()),
        }
    }

    /// The same claims without the names of the roles, which nothing depends on.
    pub(super) fn without_roles(self) -> Self {
        Self { roles: None, ..self }
    }

    /// Checks all but the times, which are for whoever has the clock.
    pub(super) fn check(self, settings: &JwtSettings) -> Result<AccessClaims, TokenError> {
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
            roles,
        } = self;
        if iss != settings.issuer || aud != settings.audience || client_id != CLIENT {
            return Err(TokenError);
        }
        Ok(AccessClaims {
            user: id(&sub)?,
            session: id(&sid)?,
            token: id::<Uuid>(&jti)?.as_uuid(),
            issued_at: time(iat)?,
            not_before: time(nbf)?,
            expires_at: time(exp)?,
            roles: roles
                .map(|names| names.iter().map(|name| name.parse()).collect())
                .transpose()
                .map_err(|_| TokenError)?,
        })
    }
}

fn id<T>(text: &str) -> Result<Id<T>, TokenError> {
    text.parse().map_err(|_| TokenError)
}

fn time(seconds: i64) -> Result<Timestamp, TokenError> {
    DateTime::from_timestamp(seconds, 0).ok_or(TokenError)
}
