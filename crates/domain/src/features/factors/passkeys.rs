//! Adding, renaming and removing passkeys.

use crate::{
    features::factors::{
        changes::{complete_addition, complete_removal},
        error::{
            InvalidPasskey, LastCredential, RegisterPasskeyError, RemoveFactorError, RequestPasskeyError,
            TooManyPasskeys,
        },
    },
    model::{
        Actor, AuditAction, AuditEvent, Challenge, ChallengePurpose, Id, MAX_PASSKEYS, Passkey, PasskeyName,
        RecoveryCode, RegistrationResponse, User, authenticator_name,
    },
    ports::{AuditRepo, ChallengeRepo, Commit, FactorRepo, Repositories, Store, StoreResult, UserRepo},
    services::{
        App, challenges,
        error::Error,
        factors::{PasskeysUnavailable, can_sign_in},
        one_time_tokens::InvalidToken,
        step_up::require_fresh,
    },
};

pub(super) const PASSKEY_ADDED: AuditAction = AuditAction::new("passkey.added", "A user added a passkey; `passkey`");
pub(super) const PASSKEY_RENAMED: AuditAction =
    AuditAction::new("passkey.renamed", "A user renamed a passkey; `passkey`");
pub(super) const PASSKEY_REMOVED: AuditAction =
    AuditAction::new("passkey.removed", "A user removed a passkey; `passkey`");

/// A request for a browser to create a passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPasskeyRequest {
    /// The challenge.
    pub challenge: Challenge,
    /// The identifier of the relying party.
    pub rp_id: String,
    /// The name of the relying party.
    pub rp_name: String,
    /// The user.
    pub user: User,
    /// The passkeys of the user, so that no authenticator has two.
    pub excluded: Vec<Passkey>,
}

/// Requests a new passkey. Requires a recent proof of identity.
///
/// # Errors
/// [`Error::StepUpRequired`], [`RequestPasskeyError`].
pub async fn request_new_passkey<S: Store>(
    app: &App<S>,
    actor: &Actor,
) -> Result<NewPasskeyRequest, RequestPasskeyError> {
    let (id, _) = actor.signed_in()?;
    let passkeys = app.passkeys.as_ref().ok_or(PasskeysUnavailable)?;
    require_fresh(app, actor).await?;
    let mut tx = app.store.begin().await?;
    let user = tx.find_user(id).await?.ok_or(Error::not_found::<User>())?;
    let excluded = tx.list_passkeys(id).await?;
    if excluded.len() >= MAX_PASSKEYS {
        return Err(TooManyPasskeys.into());
    }
    let purpose = ChallengePurpose::PasskeyRegistration;
    let challenge = challenges::create(app, &mut tx, purpose, Some(id), app.clock.now()).await?;
    tx.commit().await?;
    Ok(NewPasskeyRequest {
        challenge,
        rp_id: passkeys.rp_id().to_owned(),
        rp_name: app.policy.site.clone(),
        user,
        excluded,
    })
}

/// A passkey to add.
#[derive(Debug)]
pub struct NewPasskey {
    /// The challenge; `None` if the text cannot be its identifier.
    pub challenge: Option<Id<Challenge>>,
    /// The response of the authenticator.
    pub response: RegistrationResponse,
    /// The name; by default that of the authenticator.
    pub name: Option<PasskeyName>,
}

/// A passkey that was added.
#[derive(Debug)]
pub struct AddedPasskey {
    /// The passkey.
    pub passkey: Passkey,
    /// Recovery codes if it is the first factor.
    pub recovery_codes: Option<Vec<RecoveryCode>>,
}

/// Adds a passkey to the actor's account.
///
/// # Errors
/// [`RegisterPasskeyError::InvalidToken`] if the challenge is not the actor's, was used before or has expired;
/// [`RegisterPasskeyError::InvalidPasskey`] if the response was rejected; [`RegisterPasskeyError::PasskeyRegistered`].
pub async fn add_passkey<S: Store>(
    app: &App<S>,
    actor: &Actor,
    new: NewPasskey,
) -> Result<AddedPasskey, RegisterPasskeyError> {
    let (id, _) = actor.signed_in()?;
    let passkeys = app.passkeys.as_ref().ok_or(PasskeysUnavailable)?;
    let challenge = new.challenge.ok_or(InvalidToken)?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let user = tx.lock_user(id).await?.ok_or(Error::not_found::<User>())?;
    let challenge = challenges::find(app, &tx, challenge, ChallengePurpose::PasskeyRegistration).await?;
    let challenge = challenge
        .filter(|challenge| challenge.user == Some(id))
        .ok_or(InvalidToken)?;
    let key = passkeys
        .verify_registration(&challenge.bytes, &new.response)
        .map_err(InvalidPasskey)?;
    if tx.list_passkeys(id).await?.len() >= MAX_PASSKEYS {
        return Err(TooManyPasskeys.into());
    }
    tx.consume_challenge(challenge.id).await?;
    let default_name = authenticator_name(key.aaguid).unwrap_or("Passkey").to_owned();
    let passkey = Passkey {
        id: app.new_id(now),
        user: id,
        name: new.name.unwrap_or_else(|| PasskeyName::new_unchecked(default_name)),
        key,
        transports: new.response.transports,
        discoverable: new.response.discoverable.unwrap_or(false),
        created_at: now,
        last_used_at: None,
    };
    tx.insert_passkey(&passkey).await?;
    let event = passkey_event(AuditEvent::new(app, now, actor, PASSKEY_ADDED), &passkey);
    let recovery_codes = complete_addition(app, &mut tx, actor, &user, &email_name(&passkey), event).await?;
    tx.commit().await?;
    Ok(AddedPasskey {
        passkey,
        recovery_codes,
    })
}

/// Renames a passkey of the actor. Without a name, changes nothing.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn rename_passkey<S: Store>(
    app: &App<S>,
    actor: &Actor,
    id: Id<Passkey>,
    name: Option<PasskeyName>,
) -> Result<Passkey, Error> {
    let (user, _) = actor.signed_in()?;
    let mut tx = app.store.begin().await?;
    tx.lock_user(user).await?.ok_or(Error::not_found::<User>())?;
    let passkey = find_own(&tx, user, id).await?.ok_or(Error::not_found::<Passkey>())?;
    let Some(name) = name.filter(|name| *name != passkey.name) else {
        return Ok(passkey);
    };
    let renamed = Passkey { name, ..passkey };
    tx.update_passkey(&renamed).await?;
    let event = AuditEvent::new(app, app.clock.now(), actor, PASSKEY_RENAMED);
    tx.insert_event(&passkey_event(event, &renamed)).await?;
    tx.commit().await?;
    Ok(renamed)
}

/// Removes a passkey of the actor. Requires a recent proof of identity.
///
/// # Errors
/// [`Error::StepUpRequired`], [`Error::NotFound`]; [`RemoveFactorError::LastCredential`] if the actor could not sign in
/// without it.
pub async fn remove_passkey<S: Store>(app: &App<S>, actor: &Actor, id: Id<Passkey>) -> Result<(), RemoveFactorError> {
    let (user, _) = actor.signed_in()?;
    require_fresh(app, actor).await?;
    let mut tx = app.store.begin().await?;
    let user = tx.lock_user(user).await?.ok_or(Error::not_found::<User>())?;
    let passkey = find_own(&tx, user.id, id).await?.ok_or(Error::not_found::<Passkey>())?;
    if !can_sign_in(app, &tx, user.id, Some(id)).await? {
        return Err(LastCredential.into());
    }
    tx.delete_passkey(id).await?;
    let event = passkey_event(AuditEvent::new(app, app.clock.now(), actor, PASSKEY_REMOVED), &passkey);
    complete_removal(app, &mut tx, &user, &email_name(&passkey), event).await?;
    tx.commit().await?;
    Ok(())
}

async fn find_own(repos: &impl Repositories, user: Id<User>, id: Id<Passkey>) -> StoreResult<Option<Passkey>> {
    let passkeys = repos.list_passkeys(user).await?;
    Ok(passkeys.into_iter().find(|passkey| passkey.id == id))
}

/// Adds the passkey to an event, without its name, because events outlive the account.
fn passkey_event(event: AuditEvent, passkey: &Passkey) -> AuditEvent {
    event.target(passkey.user).detail("passkey", passkey.id.to_string())
}

/// Returns the name of the passkey in emails.
fn email_name(passkey: &Passkey) -> String {
    format!("the passkey “{}”", passkey.name.as_str())
}
