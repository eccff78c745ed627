//! Issuing the tokens of a session.

use uuid::Uuid;

use crate::{
    model::{AccessClaims, RefreshToken, Session, Timestamp, TokenPair, User},
    ports::{BoxError, MacKeys, Purpose},
    services::App,
};

/// Issues the tokens of a live session at this time.
///
/// # Errors
/// The access token could not be signed.
pub(crate) fn issue<S>(app: &App<S>, session: &Session, user: &User, at: Timestamp) -> Result<TokenPair, BoxError> {
    let refresh_expires_in = session.expires_at - at;
    let access_expires_in = app.policy.access_token_ttl.min(refresh_expires_in);
    let claims = AccessClaims {
        user: user.id,
        session: session.id,
        token: app.new_id::<AccessClaims>(at).as_uuid(),
        issued_at: at,
        not_before: at,
        expires_at: at + access_expires_in,
        authenticated_at: Some(session.authenticated_at),
        methods: session.methods.clone(),
        roles: Some(user.roles.clone()),
    };
    Ok(TokenPair {
        session: session.id,
        access_token: app.access_tokens.issue(&claims)?,
        access_expires_in,
        refresh_token: RefreshToken::derive(session, app.mac_keys.as_ref()),
        refresh_expires_in,
    })
}

impl RefreshToken {
    /// Derives the current token of a session.
    pub(crate) fn derive(session: &Session, keys: &dyn MacKeys) -> Self {
        let (id, generation) = (session.id.as_uuid(), session.generation.to_be_bytes());
        Self {
            session: session.id,
            generation: session.generation,
            mac: keys.sign(Purpose::RefreshToken, &parts(&id, &generation, session)),
        }
    }

    /// Returns whether this server issued the token for this session.
    pub(crate) fn is_genuine(&self, session: &Session, keys: &dyn MacKeys) -> bool {
        let (id, generation) = (session.id.as_uuid(), self.generation.to_be_bytes());
        keys.verify(Purpose::RefreshToken, &parts(&id, &generation, session), &self.mac)
    }
}

/// Returns the input of the MAC.
fn parts<'a>(id: &'a Uuid, generation: &'a [u8; 4], session: &'a Session) -> [&'a [u8]; 3] {
    [id.as_bytes(), generation, session.secret.expose()]
}
