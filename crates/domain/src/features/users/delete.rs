//! Deleting users.

use crate::{
    model::{Actor, Id, IfMatch, Permission, User},
    ports::Store,
    services::{
        App,
        account_deletion::{Check, remove},
        error::UserError,
    },
};

/// Removes any user for good. Needs `users:delete`, and every permission of that user.
///
/// # Errors
/// [`Error::Denied`](crate::Error::Denied), [`Error::NotFound`](crate::Error::NotFound), [`Error::Stale`](crate::Error::Stale), [`UserError::LastAdmin`].
pub async fn delete<S: Store>(app: &App<S>, actor: &Actor, id: Id<User>, expected: IfMatch) -> Result<(), UserError> {
    actor.require(&Permission::USERS_DELETE)?;
    remove(app, actor, id, Check::Version(&expected)).await
}
