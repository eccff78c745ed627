//! The law that an administrator always remains.

use crate::user::{User, UserError, UserRepo};

/// Refuses to go on when `user` is the last active administrator. The caller has locked the
/// administration, so that of two such changes at once the second sees the first.
pub(crate) async fn keep_an_administrator(repos: &impl UserRepo, user: &User) -> Result<(), UserError> {
    let counts = user.is_active() && user.is_administrator();
    if counts && !repos.has_other_active_administrator(user.id).await? {
        return Err(UserError::LastAdmin);
    }
    Ok(())
}
