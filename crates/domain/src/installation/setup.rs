//! The first administrator.

use crate::{
    Actor, App, Commit, Origin, Repos, Store, StoreResult, Timestamp,
    audit::{Action, AuditEvent, AuditRepo},
    credential::{CredentialRepo, Password},
    installation::{Installation, InstallationRepo, SetupError, SetupToken},
    role::{Role, RoleName, RoleRepo},
    user::{EmailAddress, User, UserRepo, account, ids_of},
};

/// The account of the first administrator.
#[derive(Debug, Clone)]
pub struct FirstAdministrator {
    /// The address to sign in with.
    pub email: EmailAddress,
    /// The password to sign in with.
    pub password: Password,
}

/// Whether the installation waits for its first administrator.
///
/// # Errors
/// The store failed.
pub async fn is_setup_open<S: Store>(app: &App<S>) -> StoreResult<bool> {
    Ok(app.store.conn().find_installation().await?.is_setup_open())
}

/// The token that [`set_up_with_token`] asks for; `None` when setup is over.
///
/// # Errors
/// The store failed.
pub async fn setup_token<S: Store>(app: &App<S>) -> StoreResult<Option<SetupToken>> {
    let installation = app.store.conn().find_installation().await?;
    let token = || SetupToken::of(installation.id, app.keyed.as_ref());
    Ok(installation.is_setup_open().then(token))
}

/// Makes the first administrator for whoever has the token. What is no token of ours is `None`.
///
/// # Errors
/// [`SetupError`].
pub async fn set_up_with_token<S: Store>(
    app: &App<S>,
    origin: Origin,
    token: Option<&SetupToken>,
    first: FirstAdministrator,
) -> Result<User, SetupError> {
    let installation = open_installation(app).await?;
    let is_genuine = token.is_some_and(|token| token.is_genuine(installation.id, app.keyed.as_ref()));
    if !is_genuine {
        return Err(SetupError::InvalidToken);
    }
    make(app, &Actor::anonymous(origin), first).await
}

/// Makes the first administrator for the operator, who needs no token.
///
/// # Errors
/// [`SetupError`], but not [`SetupError::InvalidToken`].
pub async fn set_up<S: Store>(app: &App<S>, first: FirstAdministrator) -> Result<User, SetupError> {
    open_installation(app).await?;
    make(app, &Actor::system(), first).await
}

async fn open_installation<S: Store>(app: &App<S>) -> Result<Installation, SetupError> {
    let installation = app.store.conn().find_installation().await?;
    if installation.is_setup_open() {
        Ok(installation)
    } else {
        Err(SetupError::Over)
    }
}

/// Whoever closes setup has won: of two at once the other one's account is not made.
async fn make<S: Store>(app: &App<S>, actor: &Actor, first: FirstAdministrator) -> Result<User, SetupError> {
    let FirstAdministrator { email, password } = first;
    if app.store.conn().find_user_by_email(email.key()).await?.is_some() {
        // It may be the account of whoever was faster.
        open_installation(app).await?;
        return Err(SetupError::EmailTaken);
    }
    let hash = app.hasher.hash(password).await?;

    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let roles = tx.lock_roles(&[RoleName::ADMIN, RoleName::MEMBER]).await?;
    if !tx.close_setup(now).await? {
        return Err(SetupError::Over);
    }
    let user = User {
        email_verified: true,
        ..account(app.mint(now), email, None, &roles, now)
    };
    tx.insert_users(std::slice::from_ref(&user)).await?;
    tx.set_password_hash(user.id, &hash, now).await?;
    tx.give_roles(&[user.id], &ids_of(&roles)).await?;
    let event = AuditEvent::new(app, now, actor, Action::SetupCompleted).to(user.id);
    tx.insert_event(&event.naming("roles", &user.roles)).await?;
    tx.commit().await?;
    Ok(user)
}

/// Setup is over once somebody is given `admin`, in whatever way.
pub(crate) async fn close_setup_with(tx: &mut impl Repos, roles: &[Role], at: Timestamp) -> StoreResult<()> {
    if roles.iter().any(|role| role.name == RoleName::ADMIN) {
        tx.close_setup(at).await?;
    }
    Ok(())
}
