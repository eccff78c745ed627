//! Verifying second factors, and the consequences of adding and removing them.

use crate::{
    model::{
        Actor, AuditAction, AuditEvent, AuthMethod, AuthMethods, AuthenticationResponse, EmailKind, Factors, Id,
        Passkey, PasskeyChallenge, ProofMethod, RECOVERY_CODES, RecoveryCode, RecoveryCodeDigest, Timestamp, TotpCode,
        TotpFactor, TotpSecret, User,
    },
    ports::{PasskeyError, Repositories, StoreResult},
    services::{App, error::Failure, outbox::notify, rejection::Rejection},
};

pub(crate) const RECOVERY_CODE_USED: AuditAction = AuditAction::new(
    "recovery_code.used",
    "A user proved a second factor with a recovery code; `remaining` are left",
);

/// This server has no passkeys, because the host of its public URL is an IP address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("passkeys are not available")]
pub struct PasskeysUnavailable;

impl Failure for PasskeysUnavailable {}

/// The proof of a second factor.
#[derive(Debug)]
pub enum FactorProof {
    /// A code of the authenticator app, as it was typed.
    Totp(String),
    /// A recovery code, as it was typed.
    RecoveryCode(String),
    /// The response of an authenticator.
    Passkey(AuthenticationResponse),
}

/// Returns the factors of a user.
pub(crate) async fn list_factors(repos: &impl Repositories, user: &User) -> StoreResult<Factors> {
    let totp = repos.find_totp(user.id).await?;
    let has_second_factor = repos.has_second_factor(user.id).await?;
    let roles = repos.find_roles(&user.roles).await?;
    let mut required_by: Vec<_> = roles
        .into_iter()
        .filter(|role| role.requires_second_factor)
        .map(|role| role.name)
        .collect();
    required_by.sort();
    let recovery_codes = repos.list_recovery_codes(user.id).await?.len();
    Ok(Factors {
        password_changed_at: repos.find_user_times(user.id).await?.password_changed_at,
        totp_confirmed_at: totp.and_then(|totp| totp.confirmed_at),
        recovery_codes: has_second_factor.then_some(recovery_codes),
        passkeys: repos.list_passkeys(user.id).await?,
        required_by,
    })
}

/// Returns the methods by which a user can prove a second factor now.
pub(crate) async fn second_factor_methods<S>(
    app: &App<S>,
    repos: &impl Repositories,
    user: Id<User>,
) -> StoreResult<Vec<ProofMethod>> {
    let has_totp = repos
        .find_totp(user)
        .await?
        .is_some_and(|totp| totp.confirmed_at.is_some());
    let has_passkey = app.passkeys.is_some() && !repos.list_passkeys(user).await?.is_empty();
    let has_recovery_code = !repos.list_recovery_codes(user).await?.is_empty();
    let methods = [
        has_totp.then_some(ProofMethod::Totp),
        has_passkey.then_some(ProofMethod::Passkey),
        has_recovery_code.then_some(ProofMethod::RecoveryCode),
    ];
    Ok(methods.into_iter().flatten().collect())
}

/// Verifies the proof of a second factor of a user, who must be locked, and uses it up. A passkey must have signed the
/// `challenge`.
pub(crate) async fn verify_proof<S>(
    app: &App<S>,
    tx: &mut impl Repositories,
    actor: &Actor,
    user: &User,
    challenge: Option<&PasskeyChallenge>,
    proof: &FactorProof,
) -> StoreResult<Result<AuthMethods, Rejection>> {
    let now = app.clock.now();
    let is_correct = match proof {
        FactorProof::Totp(code) => use_totp_code(app, tx, user.id, code, now).await?,
        FactorProof::RecoveryCode(code) => use_recovery_code(app, tx, actor, user, code, now).await?,
        FactorProof::Passkey(response) => {
            let Some(challenge) = challenge else {
                return Ok(Err(Rejection::Passkey(PasskeyError::Challenge)));
            };
            return match verify_passkey(app, tx, challenge, response).await? {
                Ok(used) if used.passkey.user == user.id => {
                    tx.update_passkey(&used.passkey).await?;
                    Ok(Ok(used.methods()))
                }
                Ok(_) => Ok(Err(Rejection::ForeignPasskey)),
                Err(rejection) => Ok(Err(rejection)),
            };
        }
    };
    Ok(if is_correct {
        Ok([AuthMethod::OneTimeCode].into_iter().collect())
    } else {
        Err(Rejection::WrongCode)
    })
}

/// A passkey with the state after a use.
#[derive(Debug)]
pub(crate) struct UsedPasskey {
    pub(crate) passkey: Passkey,
    /// True if the user was verified now and at registration.
    pub(crate) user_verified: bool,
}

impl UsedPasskey {
    /// Returns the authentication methods that the use proves.
    pub(crate) fn methods(&self) -> AuthMethods {
        let key = if self.passkey.key.backup_eligible {
            AuthMethod::SoftwareKey
        } else {
            AuthMethod::HardwareKey
        };
        let multi_factor = self.user_verified.then_some(AuthMethod::MultiFactor);
        [Some(key), multi_factor].into_iter().flatten().collect()
    }
}

/// Verifies the use of a passkey. Does not store its new state.
pub(crate) async fn verify_passkey<S>(
    app: &App<S>,
    repos: &impl Repositories,
    challenge: &PasskeyChallenge,
    response: &AuthenticationResponse,
) -> StoreResult<Result<UsedPasskey, Rejection>> {
    let (Some(verifier), Some(passkey)) = (&app.passkeys, repos.find_passkey(&response.credential_id).await?) else {
        return Ok(Err(Rejection::UnknownPasskey));
    };
    let handle = response.user_handle.as_deref();
    if handle.is_some_and(|handle| handle != passkey.user.as_uuid().as_bytes()) {
        return Ok(Err(Rejection::ForeignPasskey));
    }
    Ok(
        match verifier.verify_authentication(challenge, &passkey.key, response) {
            Ok(verified) => {
                let user_verified = passkey.key.user_verified && verified.user_verified;
                let mut passkey = passkey;
                passkey.key.sign_count = verified.sign_count;
                passkey.key.backed_up = verified.backed_up;
                passkey.last_used_at = Some(app.clock.now());
                Ok(UsedPasskey { passkey, user_verified })
            }
            Err(error) => Err(Rejection::Passkey(error)),
        },
    )
}

async fn use_totp_code<S>(
    app: &App<S>,
    tx: &mut impl Repositories,
    user: Id<User>,
    code: &str,
    at: Timestamp,
) -> StoreResult<bool> {
    let totp = tx.find_totp(user).await?.filter(|totp| totp.confirmed_at.is_some());
    let used = totp.and_then(|totp| accept_totp_code(app, user, totp, code, at));
    if let Some(used) = &used {
        tx.replace_totp(user, used).await?;
    }
    Ok(used.is_some())
}

/// Returns the authenticator app after the use of a code, or `None` if the code is wrong, or if it or a later one was
/// used before.
pub(crate) fn accept_totp_code<S>(
    app: &App<S>,
    user: Id<User>,
    totp: TotpFactor,
    code: &str,
    at: Timestamp,
) -> Option<TotpFactor> {
    let code = TotpCode::parse(code)?;
    let owner = user.as_uuid();
    let opened = app.factor_crypto.open(owner.as_bytes(), &totp.sealed_secret)?;
    let is_unused = |step: &u64| totp.last_step.is_none_or(|last| *step > last);
    let step = TotpCode::accepted_steps(at)
        .into_iter()
        .filter(is_unused)
        .find(|step| {
            let mac = app.factor_crypto.hmac_sha1(opened.secret.expose(), &step.to_be_bytes());
            TotpCode::from_mac(&mac) == code
        })?;
    let sealed_secret = if opened.outdated {
        app.factor_crypto.seal(owner.as_bytes(), opened.secret.expose())
    } else {
        totp.sealed_secret
    };
    Some(TotpFactor {
        sealed_secret,
        last_step: Some(step),
        ..totp
    })
}

/// Returns a new authenticator app with a secret.
pub(crate) fn new_totp<S>(app: &App<S>, user: Id<User>, secret: &TotpSecret, at: Timestamp) -> TotpFactor {
    TotpFactor {
        sealed_secret: app.factor_crypto.seal(user.as_uuid().as_bytes(), secret.expose()),
        created_at: at,
        confirmed_at: None,
        last_step: None,
    }
}

async fn use_recovery_code<S>(
    app: &App<S>,
    tx: &mut impl Repositories,
    actor: &Actor,
    user: &User,
    code: &str,
    at: Timestamp,
) -> StoreResult<bool> {
    let digest = recovery_code_digest(app, user.id, code);
    if !tx.consume_recovery_code(user.id, &digest).await? {
        return Ok(false);
    }
    let remaining = tx.list_recovery_codes(user.id).await?.len();
    let event = AuditEvent::new(app, at, actor, RECOVERY_CODE_USED)
        .actor(user.id)
        .target(user.id);
    tx.insert_event(&event.detail_count("remaining", remaining as u64))
        .await?;
    let note = format!("{remaining} recovery codes are left.");
    notify(app, tx, EmailKind::RecoveryCodeUsed, user, Some(note), at).await?;
    Ok(true)
}

/// Replaces the recovery codes of a user with new ones, which are returned and never shown again.
pub(crate) async fn generate_recovery_codes<S>(
    app: &App<S>,
    tx: &mut impl Repositories,
    user: Id<User>,
) -> StoreResult<Vec<RecoveryCode>> {
    let mut codes = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        let mut bytes = [0; RecoveryCode::CHARACTERS];
        app.rng.fill(&mut bytes);
        codes.push(RecoveryCode::from_random(&bytes));
    }
    let digests: Vec<_> = codes
        .iter()
        .map(|code| recovery_code_digest(app, user, code.expose()))
        .collect();
    tx.replace_recovery_codes(user, &digests).await?;
    Ok(codes)
}

fn recovery_code_digest<S>(app: &App<S>, user: Id<User>, code: &str) -> RecoveryCodeDigest {
    let code = RecoveryCode::normalize(code);
    app.factor_crypto
        .digest(&[user.as_uuid().as_bytes(), code.expose().as_bytes()])
}

/// Updates whether a user, who must be locked, has a second factor. Without one, deletes the recovery codes. Returns
/// whether the user has one.
pub(crate) async fn update_second_factor(tx: &mut impl Repositories, user: Id<User>) -> StoreResult<bool> {
    let has_totp = tx
        .find_totp(user)
        .await?
        .is_some_and(|totp| totp.confirmed_at.is_some());
    let has_second_factor = has_totp || !tx.list_passkeys(user).await?.is_empty();
    tx.set_second_factor(user, has_second_factor).await?;
    if !has_second_factor {
        tx.replace_recovery_codes(user, &[]).await?;
    }
    Ok(has_second_factor)
}

/// Returns whether a user can sign in without the passkey `except`: with a password, or with another passkey that
/// verifies the user.
pub(crate) async fn can_sign_in<S>(
    app: &App<S>,
    repos: &impl Repositories,
    user: Id<User>,
    except: Option<Id<Passkey>>,
) -> StoreResult<bool> {
    if repos.find_password(user).await?.is_some() {
        return Ok(true);
    }
    let passkeys = repos.list_passkeys(user).await?;
    let mut others = passkeys.iter().filter(|passkey| Some(passkey.id) != except);
    Ok(app.passkeys.is_some() && others.any(|passkey| passkey.key.user_verified))
}
