//! The claims of an access token.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::model::{AuthMethods, Id, RoleName, Session, Timestamp, User};

/// The claims of an access token (RFC 9068, section 2.2), except the issuer, audience and client, which are the same
/// for all tokens and added when a token is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessClaims {
    /// `sub`: the user.
    pub user: Id<User>,
    /// `sid`: the session.
    pub session: Id<Session>,
    /// `jti`: unique to this token.
    pub token: Uuid,
    /// `iat`, whole seconds.
    pub issued_at: Timestamp,
    /// `nbf`, whole seconds.
    pub not_before: Timestamp,
    /// `exp`, whole seconds.
    pub expires_at: Timestamp,
    /// `auth_time`: the time when the user last proved who they are, whole seconds; `None` in tokens of earlier versions.
    pub authenticated_at: Option<Timestamp>,
    /// `amr`: the methods of the proofs (RFC 8176); empty in tokens of earlier versions.
    pub methods: AuthMethods,
    /// The names of the user's roles when it was issued, for other applications to show; `None` if there were too
    /// many for the token. Permissions are never derived from them.
    pub roles: Option<Vec<RoleName>>,
}

/// The accepted clock skew: how far the clock of the issuer may run ahead of the clock of the verifier.
const LEEWAY: TimeDelta = TimeDelta::seconds(5);

/// The access token is not valid at a given time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClaimedTimesError {
    /// It becomes valid more than five seconds later.
    #[error("the access token is not valid yet")]
    Early,
    /// It has expired.
    #[error("the access token has expired")]
    Expired,
}

impl AccessClaims {
    /// Checks that the token is valid at this time.
    ///
    /// # Errors
    /// [`ClaimedTimesError`].
    pub fn check_times(&self, now: Timestamp) -> Result<(), ClaimedTimesError> {
        if self.not_before > now + LEEWAY || self.issued_at > now + LEEWAY {
            return Err(ClaimedTimesError::Early);
        }
        if self.expires_at <= now {
            return Err(ClaimedTimesError::Expired);
        }
        Ok(())
    }
}
