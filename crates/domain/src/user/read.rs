//! Looking at one account.

use crate::{
    Actor, App, Id, Permission, Store,
    user::{EmailKey, User, UserError, UserRepo},
};

/// A user. Needs `users:read`, save for oneself.
///
/// # Errors
/// [`UserError::Denied`], [`UserError::NotFound`].
pub async fn get<S: Store>(app: &App<S>, actor: &Actor, id: Id<User>) -> Result<User, UserError> {
    if !actor.is(id) {
        actor.require(&Permission::USERS_READ)?;
    }
    app.store.conn().find_user(id).await?.ok_or(UserError::NotFound)
}

/// The user with this address. Needs `users:read`.
///
/// # Errors
/// [`UserError::Denied`], [`UserError::NotFound`].
pub async fn find_by_email<S: Store>(app: &App<S>, actor: &Actor, email: &EmailKey) -> Result<User, UserError> {
    actor.require(&Permission::USERS_READ)?;
    app.store
        .conn()
        .find_user_by_email(email)
        .await?
        .ok_or(UserError::NotFound)
}
