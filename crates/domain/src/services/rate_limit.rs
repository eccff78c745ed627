//! Rate limits of password attempts.

use chrono::TimeDelta;

use crate::{
    model::{Acquisition, ClientInfo, Quota, RateLimitKey, RateLimited, Timestamp, User},
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

/// Quota that a password attempt acquired. It is refunded if the password is correct.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AcquiredAttempt(Option<(RateLimitKey, Quota)>);

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
        return Ok(AcquiredAttempt(None));
    }
    let network = client.network().unwrap_or_default();
    let key = |kind: &str, subject: &str| key(app, kind, email, subject);
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
                return Ok(AcquiredAttempt(Some((key, quota))));
            }
            Acquisition::RateLimited(limited) => retry_after = limited.retry_after,
        }
    }
    Err(RateLimited { retry_after }.into())
}

/// Returns the key of the quota of a network, a device or the account itself, at the account with this email address.
fn key<S>(app: &App<S>, kind: &str, email: &str, subject: &str) -> RateLimitKey {
    let parts = [kind.as_bytes(), email.as_bytes(), subject.as_bytes()];
    app.mac_keys.sign(Purpose::RateLimit, &parts)
}

/// Returns the time when an unknown network or device can attempt a password of the account again, or `None` if it can
/// now.
pub(crate) async fn resets_at<S: Store>(app: &App<S>, email: &str) -> StoreResult<Option<Timestamp>> {
    let now = app.clock.now();
    let resets_at = app.store.db().find_resets_at(&key(app, "account", email, "")).await?;
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
        if self.0.is_none() {
            return Ok(());
        }
        let mut tx = app.store.begin().await?;
        self.refund_in(&mut tx).await?;
        tx.commit().await
    }

    /// Refunds the quota in the transaction of the use case.
    pub(crate) async fn refund_in(self, repos: &mut impl RateLimitRepo) -> StoreResult<()> {
        match self.0 {
            Some((key, quota)) => repos.refund_quota(&key, &quota).await,
            None => Ok(()),
        }
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
