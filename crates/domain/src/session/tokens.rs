//! Access and refresh tokens.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::{
    App, BoxError, Id, Keyed, Purpose, Timestamp,
    role::RoleName,
    session::{Session, SessionError},
    user::User,
};

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

/// Signs and reads access tokens.
pub trait AccessTokens: Send + Sync {
    /// Signs the claims. The names of the roles are left out of a token that would be too long to be read
    /// again with them.
    ///
    /// # Errors
    /// The signing failed.
    fn issue(&self, claims: &AccessClaims) -> Result<String, BoxError>;

    /// Reads a token of ours: its form, algorithm, signature, type, issuer and audience are right. The
    /// times are left to the caller, who has the clock.
    ///
    /// # Errors
    /// [`TokenError`] when it is not a token of ours.
    fn read(&self, token: &str) -> Result<AccessClaims, TokenError>;
}

/// It is not a token of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an access token of this server")]
pub struct TokenError;

/// The length of a refresh token: the session's identifier, the generation and the digest.
pub const REFRESH_TOKEN_BYTES: usize = 16 + 4 + 32;

/// A refresh token: which session, which generation, and a digest that only this server can make.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    pub(super) session: Id<Session>,
    pub(super) generation: u32,
    mac: [u8; 32],
}

impl RefreshToken {
    /// The current token of a session.
    pub(super) fn of(session: &Session, keyed: &dyn Keyed) -> Self {
        let (id, generation) = (session.id.as_uuid(), session.generation.to_be_bytes());
        Self {
            session: session.id,
            generation: session.generation,
            mac: keyed.mac(Purpose::RefreshToken, &parts(&id, &generation, session)),
        }
    }

    /// Whether this server made it for this session.
    pub(super) fn is_genuine(&self, session: &Session, keyed: &dyn Keyed) -> bool {
        let (id, generation) = (session.id.as_uuid(), self.generation.to_be_bytes());
        keyed.verify(Purpose::RefreshToken, &parts(&id, &generation, session), &self.mac)
    }

    /// The bytes to hand out.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; REFRESH_TOKEN_BYTES] {
        let mut bytes = [0; REFRESH_TOKEN_BYTES];
        bytes[..16].copy_from_slice(self.session.as_uuid().as_bytes());
        bytes[16..20].copy_from_slice(&self.generation.to_be_bytes());
        bytes[20..].copy_from_slice(&self.mac);
        bytes
    }

    /// Reads the bytes that somebody handed in. Whether they are genuine is seen later.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; REFRESH_TOKEN_BYTES]) -> Self {
        let (mut id, mut generation, mut mac) = ([0; 16], [0; 4], [0; 32]);
        id.copy_from_slice(&bytes[..16]);
        generation.copy_from_slice(&bytes[16..20]);
        mac.copy_from_slice(&bytes[20..]);
        Self {
            session: Id::from_uuid(Uuid::from_bytes(id)),
            generation: u32::from_be_bytes(generation),
            mac,
        }
    }
}

/// What the digest is made of.
fn parts<'a>(id: &'a Uuid, generation: &'a [u8; 4], session: &'a Session) -> [&'a [u8]; 3] {
    [id.as_bytes(), generation, session.secret.expose()]
}

impl std::fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RefreshToken")
            .field("session", &self.session)
            .finish_non_exhaustive()
    }
}

/// What a client gets when it signs in or refreshes.
#[derive(Clone)]
pub struct TokenPair {
    /// The session.
    pub session: Id<Session>,
    /// The signed access token.
    pub access_token: String,
    /// How long it is good for.
    pub access_expires_in: TimeDelta,
    /// The token that gives the next pair.
    pub refresh_token: RefreshToken,
    /// How long the session lasts.
    pub refresh_expires_in: TimeDelta,
}

/// Issues the tokens of a live session `at` this time.
pub(super) fn issue<S>(app: &App<S>, session: &Session, user: &User, at: Timestamp) -> Result<TokenPair, SessionError> {
    let refresh_expires_in = session.expires_at - at;
    let access_expires_in = app.policy.access_token_ttl.min(refresh_expires_in);
    let claims = AccessClaims {
        user: user.id,
        session: session.id,
        token: app.mint::<AccessClaims>(at).as_uuid(),
        issued_at: at,
        not_before: at,
        expires_at: at + access_expires_in,
        roles: Some(user.roles.clone()),
    };
    Ok(TokenPair {
        session: session.id,
        access_token: app.access_tokens.issue(&claims).map_err(SessionError::Token)?,
        access_expires_in,
        refresh_token: RefreshToken::of(session, app.keyed.as_ref()),
        refresh_expires_in,
    })
}
