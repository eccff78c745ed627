//! Deleting your own account.

use crate::{
    model::{Actor, PasswordAttempt},
    ports::Store,
    services::{
        App,
        account_deletion::{Check, remove},
        error::UserError,
        passwords::verify_current_password,
    },
};

/// Removes the actor's own account for good.
///
/// # Errors
/// [`Error::WrongPassword`](crate::Error::WrongPassword) when `current` is not the password, [`UserError::LastAdmin`],
/// [`Error::NotFound`](crate::Error::NotFound).
pub async fn delete<S: Store>(app: &App<S>, actor: &Actor, current: PasswordAttempt) -> Result<(), UserError> {
    let (id, _) = actor.signed_in()?;
    let verified = verify_current_password(app, actor, current).await?;
    remove(app, actor, id, Check::Password(&verified)).await
}
