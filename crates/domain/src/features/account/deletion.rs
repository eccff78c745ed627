//! Deleting your own account.

use crate::{
    model::{Actor, PasswordAttempt},
    ports::Store,
    services::{
        App,
        account_deletion::{Precondition, delete_account},
        error::DeleteAccountError,
        passwords::verify_current_password,
    },
};

/// Deletes the actor's account permanently.
///
/// # Errors
/// [`DeleteAccountError`]; [`Error::WrongPassword`](crate::Error::WrongPassword) if `current` is incorrect;
/// [`Error::NotFound`](crate::Error::NotFound) if the account was deleted in the meantime.
pub async fn delete<S: Store>(app: &App<S>, actor: &Actor, current: PasswordAttempt) -> Result<(), DeleteAccountError> {
    let (id, _) = actor.signed_in()?;
    let verified = verify_current_password(app, actor, current).await?;
    delete_account(app, actor, id, Precondition::Password(&verified)).await
}
