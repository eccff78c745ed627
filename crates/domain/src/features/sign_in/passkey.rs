//! Signing in with a passkey, without a password.

use chrono::TimeDelta;

use crate::{
    features::sign_in::{
        error::{InvalidCredentials, PasskeySignInError, Signing, UnknownPasskey},
        password::SESSION_REFUSED,
        session::{error_for, prepare_session, sign_in_blocker, start_session},
    },
    model::{
        Actor, AuthenticationResponse, Challenge, ChallengePurpose, ChallengeToken, ClientInfo, CredentialId, Id,
        RefreshToken, TokenPair, User,
    },
    ports::{ChallengeRepo, Commit, FactorRepo, Store, UserRepo},
    services::{
        App,
        audit::{AttemptedAccount, FailureReason, record_failed_attempt},
        challenges,
        error::use_case_error,
        factors::{PasskeysUnavailable, verify_passkey},
        one_time_tokens::InvalidToken,
        rejection::Rejection,
        tokens,
    },
};

/// A request for a browser to use a passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyRequest {
    /// The challenge.
    pub challenge: Challenge,
    /// The identifier of the relying party.
    pub rp_id: String,
    /// The passkeys that serve, with the transports of their authenticators; empty if any does.
    pub allowed: Vec<(CredentialId, Vec<String>)>,
    /// True if the user has to be verified, for example with a PIN.
    pub requires_user_verification: bool,
    /// The remaining lifetime of the challenge.
    pub expires_in: TimeDelta,
}

use_case_error! {
    /// A failure to request a passkey.
    pub enum PasskeyRequestError { InvalidToken, PasskeysUnavailable }
}

/// Requests a passkey: to sign in with it alone, or to prove a second factor of a `challenge`. `None` inside is a text
/// that cannot be a token.
///
/// # Errors
/// [`PasskeyRequestError`].
pub async fn request_passkey<S: Store>(
    app: &App<S>,
    challenge: Option<Option<ChallengeToken>>,
) -> Result<PasskeyRequest, PasskeyRequestError> {
    let rp_id = app.passkeys.as_ref().ok_or(PasskeysUnavailable)?.rp_id().to_owned();
    let Some(token) = challenge else {
        let mut tx = app.store.begin().await?;
        let now = app.clock.now();
        let challenge = challenges::create(app, &mut tx, ChallengePurpose::PasskeySignIn, None, now).await?;
        tx.commit().await?;
        return Ok(PasskeyRequest {
            challenge,
            rp_id,
            allowed: Vec::new(),
            requires_user_verification: true,
            expires_in: challenges::CHALLENGE_TTL,
        });
    };
    let id = token.and_then(|token| token.verify(app)).ok_or(InvalidToken)?;
    let db = app.store.db();
    let challenge = challenges::find(app, db, id, ChallengePurpose::SecondFactor).await?;
    let challenge = challenge.ok_or(InvalidToken)?;
    let passkeys = match challenge.user {
        Some(user) => db.list_passkeys(user).await?,
        None => Vec::new(),
    };
    let allowed = passkeys
        .into_iter()
        .map(|passkey| (passkey.key.credential_id, passkey.transports));
    Ok(PasskeyRequest {
        expires_in: challenge.expires_at - app.clock.now(),
        challenge,
        rp_id,
        allowed: allowed.collect(),
        requires_user_verification: false,
    })
}

/// A request to sign in with a passkey.
#[derive(Debug)]
pub struct PasskeySignIn {
    /// The challenge; `None` if the text cannot be its identifier.
    pub challenge: Option<Id<Challenge>>,
    /// The response of the authenticator.
    pub response: AuthenticationResponse,
    /// A refresh token that the new one replaces. Its session is revoked.
    pub replaces: Option<RefreshToken>,
    /// The client.
    pub client: ClientInfo,
}

/// Signs a user in with a passkey that verifies the user, which counts as two factors.
///
/// # Errors
/// [`PasskeySignInError::PasskeysUnavailable`]; [`PasskeySignInError::InvalidToken`] if the challenge is not valid, was used before or has expired;
/// [`PasskeySignInError::UnknownPasskey`]; [`PasskeySignInError::InvalidCredentials`] if the response was rejected;
/// [`PasskeySignInError::AccountDisabled`] or [`PasskeySignInError::EmailNotVerified`], only if it was not.
pub async fn sign_in_with_passkey<S: Store>(app: &App<S>, cmd: PasskeySignIn) -> Result<TokenPair, PasskeySignInError> {
    let PasskeySignIn {
        challenge,
        response,
        replaces,
        client,
    } = cmd;
    app.passkeys.as_ref().ok_or(PasskeysUnavailable)?;
    let db = app.store.db();
    let id = challenge.ok_or(InvalidToken)?;
    let found = challenges::find(app, db, id, ChallengePurpose::PasskeySignIn).await?;
    found.ok_or(InvalidToken)?;
    let passkey = db.find_passkey(&response.credential_id).await?.ok_or(UnknownPasskey)?;
    let user = db.find_user(passkey.user).await?.ok_or(UnknownPasskey)?;
    let actor = Actor::anonymous(client);
    let replaced = prepare_session(app, &actor, user.id, replaces.as_ref()).await?;
    let mut tx = app.store.begin().await?;
    let user = tx.lock_user(user.id).await?.ok_or(UnknownPasskey)?;
    let challenge = challenges::find(app, &tx, id, ChallengePurpose::PasskeySignIn).await?;
    let challenge = challenge.ok_or(InvalidToken)?;
    let used = match verify_passkey(app, &tx, &challenge.bytes, &response).await? {
        Ok(used) if used.user_verified => used,
        rejected => {
            let rejection = rejected.err().unwrap_or(Rejection::UserNotVerified);
            challenges::count_failed_attempt(&mut tx, id).await?;
            tx.commit().await?;
            return Err(reject(app, &actor, &user, FailureReason::Rejected(rejection)).await);
        }
    };
    // The rows of users are locked, but those of challenges are not: of concurrent calls, one uses the challenge.
    if !tx.consume_challenge(id).await? {
        return Err(InvalidToken.into());
    }
    if let Some(reason) = sign_in_blocker(app, &user) {
        drop(tx);
        return Err(reject(app, &actor, &user, reason).await);
    }
    tx.update_passkey(&used.passkey).await?;
    let session = start_session(app, &mut tx, &actor, &user, used.methods(), replaced).await?;
    let pair = tokens::issue(app, &session, &user, session.created_at).map_err(Signing)?;
    tx.commit().await?;
    Ok(pair)
}

/// Records a failed sign-in and returns the error for the client.
async fn reject<S: Store>(app: &App<S>, actor: &Actor, user: &User, reason: FailureReason) -> PasskeySignInError {
    match (
        record_failed_attempt(app, actor, SESSION_REFUSED, AttemptedAccount::Known(user), reason).await,
        reason,
    ) {
        (Err(error), _) => error.into(),
        (Ok(()), FailureReason::Rejected(Rejection::UnknownPasskey)) => UnknownPasskey.into(),
        (Ok(()), FailureReason::Rejected(_)) => InvalidCredentials.into(),
        (Ok(()), reason) => error_for(reason),
    }
}
