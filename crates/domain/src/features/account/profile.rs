//! Changing your own profile.

use crate::{
    model::{Actor, DisplayName, IfMatch, Patch, User},
    ports::{Commit, Store, UserRepo},
    services::{App, error::Error},
};

/// Changes the actor's display name.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`], [`Error::Stale`].
pub async fn update_profile<S: Store>(
    app: &App<S>,
    actor: &Actor,
    display_name: Patch<DisplayName>,
    expected: IfMatch,
) -> Result<User, Error> {
    let (id, _) = actor.signed_in()?;
    let mut tx = app.store.begin().await?;
    let user = tx.lock_user(id).await?.ok_or(Error::not_found::<User>())?;
    expected.check(user.version)?;
    let changed = User {
        display_name: display_name.apply(user.display_name.clone()),
        ..user.clone()
    };
    if changed == user {
        return Ok(user);
    }
    let changed = changed.touched(app.clock.now());
    tx.update_user(&changed).await?;
    tx.commit().await?;
    Ok(changed)
}
