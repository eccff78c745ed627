//! Proving again who the user is, before a sensitive change.

use crate::{
    features::sign_in::{
        error::{FactorRequired, StepUpError},
        second_factor::reject,
    },
    model::{
        Actor, AuditAction, AuditEvent, AuthMethod, AuthMethods, AuthenticationResponse, Challenge, ChallengePurpose,
        Id, PasswordAttempt, Session, User,
    },
    ports::{AuditRepo, ChallengeRepo, Commit, FactorRepo, SessionRepo, Store, StoreResult, UserRepo},
    services::{
        App, challenges,
        error::Error,
        factors::{FactorProof, PasskeysUnavailable, second_factor_methods, verify_proof},
        one_time_tokens::InvalidToken,
        passwords::verify_current_password,
        rate_limit,
    },
};

pub(super) const SESSION_STEPPED_UP: AuditAction = AuditAction::new(
    "session.stepped_up",
    "A user proved again who they are; `methods` lists the authentication methods (RFC 8176)",
);

/// A proof of identity.
#[derive(Debug)]
pub enum StepUp {
    /// The password, which suffices for users without a second factor.
    Password(PasswordAttempt),
    /// A code of the authenticator app or a recovery code.
    Code(FactorProof),
    /// A passkey.
    Passkey {
        /// The challenge; `None` if the text cannot be its identifier.
        challenge: Option<Id<Challenge>>,
        /// The response of the authenticator.
        response: AuthenticationResponse,
    },
}

/// Records that the actor has proved who they are, for the current session.
///
/// # Errors
/// [`StepUpError::FactorRequired`] if the password is given and the actor has a second factor;
/// [`StepUpError::IncorrectPassword`], [`StepUpError::WrongCode`] or [`StepUpError::InvalidCredentials`] if the proof is
/// rejected; [`StepUpError::InvalidToken`] if the challenge of a passkey is not valid;
/// [`Error::RateLimited`].
pub async fn step_up<S: Store>(app: &App<S>, actor: &Actor, proof: StepUp) -> Result<(), StepUpError> {
    match proof {
        StepUp::Password(password) => prove_password(app, actor, password).await,
        StepUp::Code(proof) => prove_factor(app, actor, proof, None).await,
        StepUp::Passkey { challenge, response } => {
            app.passkeys.as_ref().ok_or(PasskeysUnavailable)?;
            let id = challenge.ok_or(InvalidToken)?;
            prove_factor(app, actor, FactorProof::Passkey(response), Some(id)).await
        }
    }
}

async fn prove_password<S: Store>(app: &App<S>, actor: &Actor, password: PasswordAttempt) -> Result<(), StepUpError> {
    let (id, session) = actor.signed_in()?;
    let db = app.store.db();
    if db.has_second_factor(id).await? {
        let methods = second_factor_methods(app, db, id).await?;
        return Err(FactorRequired { methods }.into());
    }
    verify_current_password(app, actor, password).await?;
    let mut tx = app.store.begin().await?;
    let methods = [AuthMethod::Password].into_iter().collect();
    record(app, &mut tx, actor, (id, session), &methods).await?;
    tx.commit().await?;
    Ok(())
}

/// Verifies the proof of a factor. A passkey must have signed the `challenge`. A wrong code consumes the quota for passwords.
async fn prove_factor<S: Store>(
    app: &App<S>,
    actor: &Actor,
    proof: FactorProof,
    challenge: Option<Id<Challenge>>,
) -> Result<(), StepUpError> {
    let (id, session) = actor.signed_in()?;
    let user = app.store.db().find_user(id).await?.ok_or(Error::not_found::<User>())?;
    let quota = rate_limit::acquire_for_code(app, actor.client(), &user).await?;
    let proved = verify_and_record(app, actor, &user, session, proof, challenge).await;
    if !matches!(
        proved,
        Err(StepUpError::WrongCode(_) | StepUpError::InvalidCredentials(_))
    ) {
        quota.refund(app).await?;
    }
    proved
}

async fn verify_and_record<S: Store>(
    app: &App<S>,
    actor: &Actor,
    user: &User,
    session: Id<Session>,
    proof: FactorProof,
    challenge: Option<Id<Challenge>>,
) -> Result<(), StepUpError> {
    let mut tx = app.store.begin().await?;
    let user = tx.lock_user(user.id).await?.ok_or(Error::not_found::<User>())?;
    let challenge = match challenge {
        Some(id) => {
            let found = challenges::find(app, &tx, id, ChallengePurpose::PasskeySignIn).await?;
            Some(found.ok_or(InvalidToken)?)
        }
        None => None,
    };
    let bytes = challenge.as_ref().map(|challenge| &challenge.bytes);
    let methods = match verify_proof(app, &mut tx, actor, &user, bytes, &proof).await? {
        Ok(methods) => methods,
        Err(rejection) => {
            if let Some(challenge) = &challenge {
                challenges::count_failed_attempt(&mut tx, challenge.id).await?;
            }
            tx.commit().await?;
            return Err(reject(app, actor, &user, rejection).await);
        }
    };
    if let Some(challenge) = challenge
        && !tx.consume_challenge(challenge.id).await?
    {
        return Err(InvalidToken.into());
    }
    record(app, &mut tx, actor, (user.id, session), &methods).await?;
    tx.commit().await?;
    Ok(())
}

/// Records the proof in the session.
async fn record<S: Store>(
    app: &App<S>,
    tx: &mut S::Transaction,
    actor: &Actor,
    (user, session): (Id<User>, Id<Session>),
    methods: &AuthMethods,
) -> StoreResult<()> {
    let now = app.clock.now();
    tx.record_proof(session, methods, now).await?;
    let event = AuditEvent::new(app, now, actor, SESSION_STEPPED_UP).target(user);
    tx.insert_event(&event.detail_names("methods", methods.names())).await
}
