//! Signing in with a password.

use crate::{
    features::sign_in::{
        error::{InvalidCredentials, SecondFactorRequired, SignInError, Signing},
        session::{error_for, prepare_session, sign_in_blocker, start_session},
    },
    model::{
        Actor, AuditAction, AuthMethod, ChallengePurpose, ChallengeToken, ClientInfo, NormalizedEmail, PasswordAttempt,
        PasswordHash, RefreshToken, StoredPassword, TokenPair, User, fold,
    },
    ports::{Commit, CredentialRepo, FactorRepo, HashError, PasswordCheck, Store, UserRepo},
    services::{
        App,
        audit::{AttemptedAccount, FailureReason, record_failed_attempt},
        challenges,
        factors::second_factor_methods,
        rate_limit::{self, AcquiredAttempt},
        tokens,
    },
};

pub(super) const SESSION_REFUSED: AuditAction = AuditAction::new(
    "session.refused",
    "A sign-in failed; `reason` is `wrong_password`, `unknown_address`, `account_disabled`, `email_not_verified` or the reason why a passkey was rejected, and `count` is the number of attempts if the event summarizes several",
);

/// A request to sign in.
#[derive(Debug)]
pub struct SignIn {
    /// The email address as it was typed.
    pub email: String,
    /// The password as it was typed.
    pub password: PasswordAttempt,
    /// A refresh token that the new one replaces. Its session is revoked.
    pub replaces: Option<RefreshToken>,
    /// The client.
    pub client: ClientInfo,
}

/// Signs a user in with a password and starts a session. A user with a second factor receives a challenge to prove it.
///
/// Exactly one hash is verified, whether the account exists or not.
///
/// # Errors
/// [`SignInError::InvalidCredentials`] if the email address or the password is incorrect;
/// [`SignInError::AccountDisabled`], [`SignInError::EmailNotVerified`] or [`SignInError::SecondFactorRequired`], only if
/// the password is correct;
/// [`Error::RateLimited`](crate::Error::RateLimited), before the password is verified.
pub async fn sign_in<S: Store>(app: &App<S>, cmd: SignIn) -> Result<TokenPair, SignInError> {
    let db = app.store.db();
    let normalized = NormalizedEmail::parse(&cmd.email).ok();
    let user = match &normalized {
        Some(email) => db.find_user_by_email(email).await?,
        None => None,
    };
    let stored = match &user {
        Some(user) => db.find_password(user.id).await?,
        None => None,
    };
    let actor = Actor::anonymous(cmd.client);
    let email = normalized.map_or_else(|| fold(&cmd.email), |email| email.as_str().to_owned());
    let quota = rate_limit::acquire(app, actor.client(), &email, user.as_ref()).await?;
    let hash = stored.as_ref().map(|stored| stored.hash.clone());
    let verified = app.hasher.verify(cmd.password.clone(), hash).await;
    let check = quota.refund_on_error(app, verified).await?;
    let Some(user) = user else {
        return Err(record_failure(
            app,
            &actor,
            AttemptedAccount::Unknown(&email),
            FailureReason::UnknownAddress,
        )
        .await);
    };
    let (Some(stored), PasswordCheck::Correct | PasswordCheck::Outdated) = (stored, check) else {
        return Err(record_failure(
            app,
            &actor,
            AttemptedAccount::Known(&user),
            FailureReason::WrongPassword,
        )
        .await);
    };
    if let Some(reason) = sign_in_blocker(app, &user) {
        quota.refund(app).await?;
        return Err(record_failure(app, &actor, AttemptedAccount::Known(&user), reason).await);
    }
    if cmd.password.is_abandoned() {
        // The client would not receive the tokens.
        quota.refund(app).await?;
        return Err(HashError::Abandoned.into());
    }
    let upgraded = match check {
        PasswordCheck::Outdated => {
            let hashed = app.hasher.hash(cmd.password.password().clone()).await;
            Some(quota.refund_on_error(app, hashed).await?)
        }
        PasswordCheck::Correct | PasswordCheck::Wrong => None,
    };

    let verified = Verified { user, stored, upgraded };
    let completed = complete(app, &actor, quota, verified, cmd.replaces).await;
    if completed
        .as_ref()
        .is_err_and(|error| !matches!(error, SignInError::SecondFactorRequired(_)))
    {
        // The password was correct, so the attempt does not count. The first error is the one to report.
        let _ = quota.refund(app).await;
    }
    completed
}

/// A user whose password was verified.
struct Verified {
    user: User,
    stored: StoredPassword,
    /// The hash that replaces an outdated one.
    upgraded: Option<PasswordHash>,
}

/// Starts a session for a user whose password was verified, or a challenge if the user has a second factor.
async fn complete<S: Store>(
    app: &App<S>,
    actor: &Actor,
    quota: AcquiredAttempt,
    verified: Verified,
    replaces: Option<RefreshToken>,
) -> Result<TokenPair, SignInError> {
    let Verified { user, stored, upgraded } = verified;
    let replaced = prepare_session(app, actor, user.id, replaces.as_ref()).await?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    // Hashing is slow: in the meantime the account may have been deleted or disabled, or its password changed.
    let user = tx.lock_user(user.id).await?.ok_or(InvalidCredentials)?;
    if !stored.is_current(tx.find_password(user.id).await?.as_ref()) {
        return Err(InvalidCredentials.into());
    }
    if let Some(reason) = sign_in_blocker(app, &user) {
        return Err(error_for(reason));
    }
    if let Some(upgraded) = upgraded {
        tx.upgrade_password_hash(user.id, &stored.hash, &upgraded).await?;
    }
    if tx.has_second_factor(user.id).await? {
        // The quota is refunded once the second factor is proved.
        let challenge = challenges::create(app, &mut tx, ChallengePurpose::SecondFactor, Some(user.id), now).await?;
        let methods = second_factor_methods(app, &tx, user.id).await?;
        tx.commit().await?;
        let challenge = ChallengeToken::derive(app, challenge.id);
        return Err(SecondFactorRequired { challenge, methods }.into());
    }
    quota.refund_in(&mut tx).await?;
    let methods = [AuthMethod::Password].into_iter().collect();
    let session = start_session(app, &mut tx, actor, &user, methods, replaced).await?;
    let pair = tokens::issue(app, &session, &user, now).map_err(Signing)?;
    tx.commit().await?;
    Ok(pair)
}

/// Records a failed sign-in and returns the error for the client.
async fn record_failure<S: Store>(
    app: &App<S>,
    actor: &Actor,
    account: AttemptedAccount<'_>,
    reason: FailureReason,
) -> SignInError {
    match record_failed_attempt(app, actor, SESSION_REFUSED, account, reason).await {
        Err(error) => error.into(),
        Ok(()) => error_for(reason),
    }
}
