//! The claims of an access token.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::model::{Id, RoleName, Session, Timestamp, User};

/// What an access token says (RFC 9068, section 2.2). Its issuer, audience and client are the same for
/// all tokens and known to [`AccessTokens`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessClaims {
    /// `sub`: the user.
    pub user: Id<User>,
    /// `sid`: the session.
    pub session: Id<Session>,
    /// `jti`: of this token alone.
    pub token: Uuid,
    /// `iat`, whole seconds.
    pub issued_at: Timestamp,
    /// `nbf`, whole seconds.
    pub not_before: Timestamp,
    /// `exp`, whole seconds.
    pub expires_at: Timestamp,
    /// The names of the user's roles when it was issued, for others to show; `None` when there were too many
    /// for the token. Rights are never read from here.
    pub roles: Option<Vec<RoleName>>,
}

/// How far the clock of whoever issued a token may run ahead of that of whoever reads it.
const LEEWAY: TimeDelta = TimeDelta::seconds(5);

/// Why an access token is not good at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClaimedTimesError {
    /// It is from more than five seconds ahead.
    #[error("not good yet")]
    Early,
    /// It was good until it expired.
    #[error("expired")]
    Expired,
}

impl AccessClaims {
    /// Checks that the token is good at this time.
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
