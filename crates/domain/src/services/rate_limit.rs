//! Rate limits of password attempts.

use chrono::TimeDelta;

use crate::{
    model::{Acquisition, ClientInfo, Id, Quota, RateLimitKey, RateLimited, Timestamp, User},
    ports::{Commit, HashError, Purpose, RateLimitRepo, SessionRepo, Store, StoreResult},
    services::{App, error::Error, purge::in_batches},
};

/// The quota of an account, or of a network or device that the account knows.
const ATTEMPTS: Quota = Quota {
    burst: 10,
    period: TimeDelta::minutes(15),
};

/// The quota of an unknown network once the quota of the account or device is used up.
const SLOW_ATTEMPTS: Quota = Quota {
    burst: 1,
    period: TimeDelta::minutes(1),
};

/// The quota of an account for codes of second factors from all networks together. An attacker who knows the password and
/// uses many networks then needs years to guess a code.
const CODES: Quota = Quota {
    burst: 60,
    period: TimeDelta::hours(24),
};

/// Quota that an attempt acquired. It is refunded if the password or the code is correct.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AcquiredAttempt {
    /// The quota of the account, the network or the device.
    password: Option<(RateLimitKey, Quota)>,
    /// The quota of the account for codes.
    code: Option<(RateLimitKey, Quota)>,
    is_known_network: bool,
}

/// The account that an attempt is for. A change of the email address does not reset its quotas.
#[derive(Debug, Clone, Copy)]
enum Account<'a> {
    User(Id<User>),
    UnknownAddress(&'a str),
}

impl<'a> Account<'a> {
    fn of(email: &'a str, user: Option<&User>) -> Self {
        user.map_or(Self::UnknownAddress(email), |user| Self::User(user.id))
    }
}

/// Acquires quota for a password attempt at the account with this email address. Unknown addresses also have quotas.
///
/// The quota is acquired before hashing and refunded on success, so that concurrent attempts cannot exceed the limit.
pub(crate) async fn acquire<S: Store>(
    app: &App<S>,
    client: &ClientInfo,
    email: &str,
    user: Option<&User>,
) -> Result<AcquiredAttempt, Error> {
    if !app.policy.rate_limits {
        return Ok(AcquiredAttempt::NONE);
    }
    let network = client.network().unwrap_or_default();
    let account = Account::of(email, user);
    let key = |kind: &str, subject: &str| key(app, kind, account, subject);
    let known = known_device(app, client, user).await?;
    let slow = key("slow", &network);
    let candidates = match known {
        KnownDevice::Network => vec![(key("network", &network), ATTEMPTS)],
        // Attackers can guess the user agent and use up the quota of the device.
        KnownDevice::Device => {
            let agent = client.device.user_agent.as_deref().unwrap_or_default();
            vec![(key("device", agent), ATTEMPTS), (slow, SLOW_ATTEMPTS)]
        }
        KnownDevice::None => vec![(key("account", ""), ATTEMPTS), (slow, SLOW_ATTEMPTS)],
    };
    let mut tx = app.store.begin().await?;
    let now = app.clock.now();
    let mut retry_after = SLOW_ATTEMPTS.period;
    for (key, quota) in candidates {
        match tx.acquire_quota(&key, &quota, now).await? {
            Acquisition::Acquired => {
                if known != KnownDevice::Network {
                    // Every attempt counts towards the slow quota, so that it cannot be used in addition.
                    let _ = tx.acquire_quota(&slow, &SLOW_ATTEMPTS, now).await?;
                }
                tx.commit().await?;
                return Ok(AcquiredAttempt {
                    password: Some((key, quota)),
                    code: None,
                    is_known_network: known == KnownDevice::Network,
                });
            }
            Acquisition::RateLimited(limited) => retry_after = limited.retry_after,
        }
    }
    Err(RateLimited { retry_after }.into())
}

/// Acquires quota for a code of a second factor: as for a password, and that of the account for codes. Networks that the
/// account knows do not need the latter, so that an attacker cannot lock the user out.
pub(crate) async fn acquire_for_code<S: Store>(
    app: &App<S>,
    client: &ClientInfo,
    user: &User,
) -> Result<AcquiredAttempt, Error> {
    let email = user.email.normalized().as_str();
    let attempt = acquire(app, client, email, Some(user)).await?;
    if attempt.password.is_none() || attempt.is_known_network {
        return Ok(attempt);
    }
    let key = key(app, "codes", Account::User(user.id), "");
    let mut tx = app.store.begin().await?;
    match tx.acquire_quota(&key, &CODES, app.clock.now()).await? {
        Acquisition::Acquired => {
            tx.commit().await?;
            Ok(AcquiredAttempt {
                code: Some((key, CODES)),
                ..attempt
            })
        }
        Acquisition::RateLimited(limited) => {
            attempt.refund_in(&mut tx).await?;
            tx.commit().await?;
            Err(limited.into())
        }
    }
}

/// Returns the key of the quota of a network, a device or the account itself, at the account with this email address.
fn key<S>(app: &App<S>, kind: &str, account: Account<'_>, subject: &str) -> RateLimitKey {
    let (kind, subject) = (kind.as_bytes(), subject.as_bytes());
    match account {
        Account::User(id) => app
            .mac_keys
            .sign(Purpose::RateLimit, &[b"user", kind, id.as_uuid().as_bytes(), subject]),
        Account::UnknownAddress(email) => app
            .mac_keys
            .sign(Purpose::RateLimit, &[kind, email.as_bytes(), subject]),
    }
}

/// Returns the time when an unknown network or device can attempt a password of the account again, or `None` if it can
/// now.
pub(crate) async fn resets_at<S: Store>(app: &App<S>, user: Id<User>) -> StoreResult<Option<Timestamp>> {
    let now = app.clock.now();
    let resets_at = app
        .store
        .db()
        .find_resets_at(&key(app, "account", Account::User(user), ""))
        .await?;
    let limited = resets_at.and_then(|resets_at| ATTEMPTS.acquire(resets_at, now).err());
    Ok(limited.map(|RateLimited { retry_after }| now + retry_after))
}

/// The most specific part of the client that the account knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KnownDevice {
    Network,
    Device,
    None,
}

async fn known_device<S: Store>(app: &App<S>, client: &ClientInfo, user: Option<&User>) -> StoreResult<KnownDevice> {
    let devices = match user {
        Some(user) => app.store.db().list_devices(user.id).await?,
        None => Vec::new(),
    };
    let network = client.network();
    if network.is_some() && devices.iter().any(|device| device.network() == network) {
        return Ok(KnownDevice::Network);
    }
    let agent = &client.device.user_agent;
    if agent.is_some() && devices.iter().any(|device| device.user_agent == *agent) {
        return Ok(KnownDevice::Device);
    }
    Ok(KnownDevice::None)
}

impl AcquiredAttempt {
    /// The attempt of a server without rate limits.
    const NONE: Self = Self {
        password: None,
        code: None,
        is_known_network: false,
    };

    /// Passes on the result of hashing. Refunds the quota if hashing failed.
    pub(crate) async fn refund_on_error<S: Store, T>(
        self,
        app: &App<S>,
        hashed: Result<T, HashError>,
    ) -> Result<T, Error> {
        if hashed.is_err() {
            self.refund(app).await?;
        }
        Ok(hashed?)
    }

    /// Refunds the quota.
    pub(crate) async fn refund<S: Store>(self, app: &App<S>) -> StoreResult<()> {
        if self.password.is_none() {
            return Ok(());
        }
        let mut tx = app.store.begin().await?;
        self.refund_in(&mut tx).await?;
        tx.commit().await
    }

    /// Refunds the quota in the transaction of the use case.
    pub(crate) async fn refund_in(self, repos: &mut impl RateLimitRepo) -> StoreResult<()> {
        for (key, quota) in [self.password, self.code].into_iter().flatten() {
            repos.refund_quota(&key, &quota).await?;
        }
        Ok(())
    }

    /// Returns the quota of a password attempt that was not refunded, which the same client usually acquired from the same
    /// key.
    pub(crate) fn of_password(self) -> Self {
        Self { code: None, ..self }
    }
}

/// Deletes quotas that are fully replenished, in batches. Returns how many were deleted.
///
/// # Errors
/// The store failed. The batches before that remain deleted.
pub async fn purge<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let now = app.clock.now();
    in_batches(app, async |tx, limit| tx.delete_replenished_quotas(now, limit).await).await
}
