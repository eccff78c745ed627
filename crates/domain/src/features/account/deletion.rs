//! Deleting your own account.

use crate::{
    model::{Actor, PasswordAttempt},
    ports::Store,
    services::{
        App,
        account_deletion::{Precondition, delete_account},
        error::DeleteAccountError,
        step_up::verify_password_or_fresh,
    },
};

/// Deletes the actor's account permanently. Requires the current password or a recent proof of identity.
///
/// # Errors
/// [`DeleteAccountError`]; [`Error::WrongPassword`](crate::Error::WrongPassword) if `current` is incorrect;
/// [`Error::StepUpRequired`](crate::Error::StepUpRequired) if it is missing and the last proof is too old;
/// [`Error::NotFound`](crate::Error::NotFound) if the account was deleted in the meantime.
pub async fn delete<S: Store>(
    app: &App<S>,
    actor: &Actor,
    current: Option<PasswordAttempt>,
) -> Result<(), DeleteAccountError> {
    let (id, _) = actor.signed_in()?;
    let verified = verify_password_or_fresh(app, actor, current).await?;
    delete_account(app, actor, id, Precondition::Proof(verified.as_ref())).await
}
