//! Updating users.

use crate::{
    features::users::error::UpdateError,
    model::{
        Actor, AuditAction, AuditEvent, DisplayName, EmailAddress, EmailKind, Id, IfMatch, Patch, Permission, Policy,
        Status, TokenPurpose, User,
    },
    ports::{
        AuditRepo, ChallengeRepo, Commit, CredentialRepo, OneTimeTokenRepo, RoleRepo, SessionRepo, Store, UserRepo,
    },
    services::{
        App,
        accounts::{EMAIL_CHANGED, is_last_admin},
        error::{Error, LastAdmin},
        one_time_tokens::{Link, send_link},
        outbox::notify,
        step_up::require_fresh,
    },
};

pub(super) const USER_UPDATED: AuditAction =
    AuditAction::new("user.updated", "A user was updated; `changed` lists the fields");
pub(super) const USER_DISABLED: AuditAction = AuditAction::new(
    "user.disabled",
    "A user was disabled and all their sessions were revoked",
);
pub(super) const USER_ENABLED: AuditAction = AuditAction::new("user.enabled", "A disabled user was enabled");

/// Changes of a user; `None` leaves a field unchanged.
#[derive(Debug, Default)]
pub struct UserChanges {
    /// The new display name.
    pub display_name: Patch<DisplayName>,
    /// The new status.
    pub status: Option<Status>,
    /// The new email address.
    pub email: Option<EmailAddress>,
    /// True if the email address is verified. With `None`, a new address is unverified.
    pub email_verified: Option<bool>,
}

impl UserChanges {
    fn apply(self, user: User) -> User {
        let Self {
            display_name,
            status,
            email,
            email_verified,
        } = self;
        let is_new_address = email
            .as_ref()
            .is_some_and(|email| email.normalized() != user.email.normalized());
        User {
            display_name: display_name.apply(user.display_name),
            status: status.unwrap_or(user.status),
            email: email.unwrap_or(user.email),
            email_verified: email_verified.unwrap_or(user.email_verified && !is_new_address),
            ..user
        }
    }

    /// Returns whether the changes may prevent a user from signing in.
    fn may_lock_out(&self, policy: &Policy) -> bool {
        let may_unverify = match self.email_verified {
            Some(is_verified) => !is_verified,
            None => self.email.is_some(),
        };
        self.status == Some(Status::Disabled) || (policy.require_verified_email && may_unverify)
    }
}

/// Updates any user. Requires `users:write` and every permission of the user, and for the actor's own email address a recent
/// proof of identity.
///
/// Disabling a user revokes the user's sessions. A new email address invalidates all links, receives a link to verify
/// it (or a new invitation, if the user has no password yet), and the previous address is notified.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`], [`Error::Stale`], [`UpdateError::LastAdmin`],
/// [`UpdateError::EmailTaken`].
pub async fn update<S: Store>(
    app: &App<S>,
    actor: &Actor,
    id: Id<User>,
    changes: UserChanges,
    expected: IfMatch,
) -> Result<User, UpdateError> {
    actor.require(&Permission::USERS_WRITE)?;
    if actor.is(id) && changes.email.is_some() {
        require_fresh(app, actor).await?;
    }
    let now = app.clock.now();
    let disables = changes.status == Some(Status::Disabled);
    let mut tx = app.store.begin().await?;
    if changes.may_lock_out(&app.policy) {
        tx.lock_administration().await?;
    }
    let user = tx.lock_user(id).await?.ok_or(Error::not_found::<User>())?;
    actor.require_can_manage(id, &tx.permissions_of(id).await?)?;
    expected.check(user.version)?;
    let changed = changes.apply(user.clone());
    if changed == user {
        return Ok(user);
    }
    let unverifies = user.email_verified && !changed.email_verified;
    let may_lock_out = disables || (app.policy.require_verified_email && unverifies);
    if may_lock_out && is_last_admin(&tx, &app.policy, &user).await? {
        return Err(LastAdmin.into());
    }
    if disables {
        tx.revoke_sessions(id, None, now).await?;
        tx.delete_challenges(id).await?;
    }
    if unverifies {
        tx.delete_one_time_tokens(id, Some(TokenPurpose::VerifyEmail)).await?;
    }
    let changed = changed.touched(now);
    tx.update_user(&changed).await?;
    if changed.email.normalized() != user.email.normalized() {
        tx.delete_one_time_tokens(id, None).await?;
        notify(app, &mut tx, EmailKind::EmailChanged, &user, None, now).await?;
        let link = match tx.find_password(id).await? {
            None => Some(EmailKind::Invitation),
            Some(_) if changed.email_verified => None,
            Some(_) => Some(EmailKind::VerifyEmail),
        };
        if let Some(kind) = link {
            send_link(app, &mut tx, Link::of(kind, &changed), now).await?;
        }
    }
    for event in events(app, actor, &user, &changed) {
        tx.insert_event(&event).await?;
    }
    tx.commit().await?;
    Ok(changed)
}

/// Returns the audit events of a change. A new display name has none.
fn events<S>(app: &App<S>, actor: &Actor, before: &User, after: &User) -> Vec<AuditEvent> {
    let mut actions = Vec::new();
    if before.status != after.status {
        actions.push(match after.status {
            Status::Active => USER_ENABLED,
            Status::Disabled | Status::Other(_) => USER_DISABLED,
        });
    }
    if before.email != after.email {
        actions.push(EMAIL_CHANGED);
    }
    if before.email_verified != after.email_verified {
        actions.push(USER_UPDATED);
    }
    let event = |action| {
        // Each event has a different time, so that they keep this order.
        let event = AuditEvent::new(app, app.clock.now(), actor, action).target(after.id);
        match action {
            USER_UPDATED => event.detail_names("changed", ["email_verified"]),
            _ => event,
        }
    };
    actions.into_iter().map(event).collect()
}
