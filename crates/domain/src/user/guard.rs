//! The law that an administrator always remains.

use crate::{
    Policy,
    user::{User, UserError, UserRepo},
};

/// Refuses to go on when nobody but `user` could sign in as an administrator: an account that is active and has a
/// password and, where the policy asks for it, a verified address. The caller has locked the administration, so
/// that of two such changes at once the second sees the first.
pub(crate) async fn keep_an_administrator(
    repos: &impl UserRepo,
    policy: &Policy,
    user: &User,
) -> Result<(), UserError> {
    let counts = user.is_active() && user.is_administrator();
    if counts
        && !repos
            .has_other_administrator(user.id, policy.require_verified_email)
            .await?
    {
        return Err(UserError::LastAdmin);
    }
    Ok(())
}
