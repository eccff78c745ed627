//! Fresh proofs of identity, which sensitive changes require.

use crate::{
    model::{Actor, Id, PasswordAttempt, ProofMethod, Session, StepUpRequired, StoredPassword, User},
    ports::{CredentialRepo, FactorRepo, SessionRepo, Store, StoreResult},
    services::{App, error::Error, factors::second_factor_methods, passwords::verify_current_password},
};

/// Checks that the actor has proved who they are recently. The operator and the server need no proof.
///
/// # Errors
/// [`Error::StepUpRequired`].
pub(crate) async fn require_fresh<S: Store>(app: &App<S>, actor: &Actor) -> Result<(), Error> {
    let (_, session) = match actor.signed_in() {
        Ok(signed_in) => signed_in,
        Err(denied) if actor.is_anonymous() => return Err(denied.into()),
        Err(_) => return Ok(()),
    };
    let max_age = app.policy.step_up_age;
    let session = app.store.db().find_session(session).await?;
    let authenticated_at = session.ok_or(Error::not_found::<Session>())?.authenticated_at;
    if app.clock.now() - authenticated_at < max_age {
        return Ok(());
    }
    let methods = proof_methods(app, actor).await?;
    Err(Error::StepUpRequired(StepUpRequired { methods, max_age }))
}

/// Verifies the actor's current password if it is given; otherwise the last proof must be recent. Returns the stored
/// password if it was verified.
///
/// # Errors
/// [`Error::StepUpRequired`], [`Error::WrongPassword`].
pub(crate) async fn verify_password_or_fresh<S: Store>(
    app: &App<S>,
    actor: &Actor,
    current: Option<PasswordAttempt>,
) -> Result<Option<StoredPassword>, Error> {
    match current {
        Some(current) => verify_current_password(app, actor, current).await.map(Some),
        None => require_fresh(app, actor).await.map(|()| None),
    }
}

/// Returns the methods by which a signed-in user can prove who they are: one of the second factors, or without one the
/// password.
async fn proof_methods<S: Store>(app: &App<S>, actor: &Actor) -> Result<Vec<ProofMethod>, Error> {
    let (user, _) = actor.signed_in()?;
    let db = app.store.db();
    if db.has_second_factor(user).await? {
        Ok(second_factor_methods(app, db, user).await?)
    } else {
        Ok(vec![ProofMethod::Password])
    }
}

/// Checks that a verified password was not changed in the meantime. Without one, there is nothing to check.
pub(crate) async fn is_still_current(
    repos: &impl CredentialRepo,
    user: Id<User>,
    verified: Option<&StoredPassword>,
) -> StoreResult<bool> {
    match verified {
        Some(verified) => Ok(verified.is_current(repos.find_password(user).await?.as_ref())),
        None => Ok(true),
    }
}
