//! Proving a second factor after a correct password.

use crate::{
    features::sign_in::{
        error::{InvalidCredentials, SecondFactorError, Signing, WrongCode},
        session::{error_for, prepare_session, sign_in_blocker, start_session},
    },
    model::{
        Actor, AuditAction, AuthMethod, AuthMethods, Challenge, ChallengePurpose, ChallengeToken, ClientInfo, Id,
        RefreshToken, TokenPair, User,
    },
    ports::{ChallengeRepo, Commit, Store, StoreError, UserRepo},
    services::{
        App,
        audit::{AttemptedAccount, FailureReason, record_failed_attempt},
        challenges,
        factors::{FactorProof, verify_proof},
        one_time_tokens::InvalidToken,
        rate_limit::{self, AcquiredAttempt},
        rejection::Rejection,
        tokens,
    },
};

pub(super) const SECOND_FACTOR_REJECTED: AuditAction = AuditAction::new(
    "session.second_factor_rejected",
    "The proof of a second factor was rejected; `reason` is `wrong_code` or the reason why a passkey was rejected",
);

/// A request to complete a sign-in with a second factor.
#[derive(Debug)]
pub struct ProveSecondFactor {
    /// The token of the challenge; `None` if the text cannot be one.
    pub challenge: Option<ChallengeToken>,
    /// The proof.
    pub proof: FactorProof,
    /// A refresh token that the new one replaces. Its session is revoked.
    pub replaces: Option<RefreshToken>,
    /// The client.
    pub client: ClientInfo,
}

/// Completes a sign-in with a second factor and starts a session.
///
/// A wrong code consumes the quota for passwords. The fifth voids the challenge.
///
/// # Errors
/// [`SecondFactorError::InvalidToken`] if the challenge is not valid, was used before or has expired;
/// [`SecondFactorError::WrongCode`] or, for a passkey, [`SecondFactorError::InvalidCredentials`];
/// [`Error::RateLimited`](crate::Error::RateLimited).
pub async fn prove_second_factor<S: Store>(
    app: &App<S>,
    cmd: ProveSecondFactor,
) -> Result<TokenPair, SecondFactorError> {
    let id = cmd.challenge.and_then(|token| token.verify(app)).ok_or(InvalidToken)?;
    let db = app.store.db();
    let challenge = challenges::find(app, db, id, ChallengePurpose::SecondFactor).await?;
    let user = challenge.and_then(|challenge| challenge.user).ok_or(InvalidToken)?;
    let user = db.find_user(user).await?.ok_or(InvalidToken)?;
    let actor = Actor::anonymous(cmd.client);
    let quota = rate_limit::acquire_for_code(app, actor.client(), &user).await?;
    let completed = complete(app, &actor, quota, &user, id, &cmd.proof, cmd.replaces).await;
    match &completed {
        // A wrong code counts as a wrong password. With a correct one, the quota was refunded.
        Ok(_) | Err(SecondFactorError::WrongCode(_) | SecondFactorError::InvalidCredentials(_)) => {}
        Err(_) => quota.refund(app).await?,
    }
    completed
}

async fn complete<S: Store>(
    app: &App<S>,
    actor: &Actor,
    quota: AcquiredAttempt,
    user: &User,
    id: Id<Challenge>,
    proof: &FactorProof,
    replaces: Option<RefreshToken>,
) -> Result<TokenPair, SecondFactorError> {
    let replaced = prepare_session(app, actor, user.id, replaces.as_ref()).await?;
    let mut tx = app.store.begin().await?;
    let user = tx.lock_user(user.id).await?.ok_or(InvalidToken)?;
    // Concurrent attempts wait for the lock of the user, so that one of them uses the challenge.
    let challenge = challenges::find(app, &tx, id, ChallengePurpose::SecondFactor).await?;
    let challenge = challenge.ok_or(InvalidToken)?;
    if let Some(reason) = sign_in_blocker(app, &user) {
        return Err(error_for(reason));
    }
    let methods = match verify_proof(app, &mut tx, actor, &user, Some(&challenge.bytes), proof).await? {
        Ok(methods) => methods,
        Err(rejection) => {
            challenges::count_failed_attempt(&mut tx, id).await?;
            tx.commit().await?;
            return Err(reject(app, actor, &user, rejection).await);
        }
    };
    tx.consume_challenge(id).await?;
    // Once for this attempt, and once for the correct password, which usually used the same quota.
    quota.refund_in(&mut tx).await?;
    quota.of_password().refund_in(&mut tx).await?;
    let password: AuthMethods = [AuthMethod::Password].into_iter().collect();
    let session = start_session(app, &mut tx, actor, &user, methods.union(&password), replaced).await?;
    let pair = tokens::issue(app, &session, &user, session.created_at).map_err(Signing)?;
    tx.commit().await?;
    Ok(pair)
}

/// Records a rejected proof of a second factor and returns the error for the client.
pub(super) async fn reject<S: Store, E>(app: &App<S>, actor: &Actor, user: &User, rejection: Rejection) -> E
where
    E: From<StoreError> + From<WrongCode> + From<InvalidCredentials>,
{
    let account = AttemptedAccount::Known(user);
    let reason = FailureReason::Rejected(rejection);
    let recorded = record_failed_attempt(app, actor, SECOND_FACTOR_REJECTED, account, reason).await;
    match (recorded, rejection) {
        (Err(error), _) => error.into(),
        (Ok(()), Rejection::WrongCode) => WrongCode.into(),
        (Ok(()), _) => InvalidCredentials.into(),
    }
}
