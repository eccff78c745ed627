//! Rate limits of password attempts.

use chrono::TimeDelta;

use crate::{
    model::{ClientInfo, Quota, RateLimitKey, RateLimited, Timestamp, User},
    ports::{Commit, HashError, Purpose, RateLimitRepo, SessionRepo, Store, StoreResult},
    services::{App, error::Error, purge::in_batches},
};

/// The turns of an account, or of a network or device that it knows.
const RULE: Quota = Quota {
    burst: 10,
    period: TimeDelta::minutes(15),
};

/// The turns of one more network when those of the account are used up.
const SLOW: Quota = Quota {
    burst: 1,
    period: TimeDelta::minutes(1),
};

/// A turn that was taken. It is given back when the password was right.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AcquiredAttempt(Option<(RateLimitKey, Quota)>);

/// Takes a turn to try the password of the account with this address, before anything is hashed. An
/// address that nobody has counts alike.
pub(crate) async fn acquire<S: Store>(
    app: &App<S>,
    client: &ClientInfo,
    address: &str,
    user: Option<&User>,
) -> Result<AcquiredAttempt, Error> {
    if !app.policy.rate_limits {
        return Ok(AcquiredAttempt(None));
    }
    let network = client.network().unwrap_or_default();
    let key = |kind: &str, of: &str| key(app, kind, address, of);
    let familiarity = familiarity(app, client, user).await?;
    let slow = key("slow", &network);
    let choices = match familiarity {
        KnownDevice::Network => vec![(key("network", &network), RULE)],
        // Anybody can guess the device, so its turns may be used up as well.
        KnownDevice::Device => {
            let agent = client.device.user_agent.as_deref().unwrap_or_default();
            vec![(key("device", agent), RULE), (slow, SLOW)]
        }
        KnownDevice::None => vec![(key("account", ""), RULE), (slow, SLOW)],
    };
    let mut tx = app.store.begin().await?;
    let now = app.clock.now();
    let mut refusal = None;
    for (key, rule) in choices {
        match tx.acquire_quota(&key, &rule, now).await? {
            Ok(()) => {
                if familiarity != KnownDevice::Network {
                    // The network has had its turn of this minute too, whichever it took.
                    let _ = tx.acquire_quota(&slow, &SLOW, now).await?;
                }
                tx.commit().await?;
                return Ok(AcquiredAttempt(Some((key, rule))));
            }
            Err(too_many) => refusal = Some(too_many),
        }
    }
    let retry_after = refusal.map_or(SLOW.period, |too_many| too_many.retry_after);
    Err(RateLimited { retry_after }.into())
}

/// Whose turns.
fn key<S>(app: &App<S>, kind: &str, address: &str, of: &str) -> RateLimitKey {
    let parts = [kind.as_bytes(), address.as_bytes(), of.as_bytes()];
    app.mac_keys.sign(Purpose::RateLimit, &parts)
}

/// When the account has a turn again for those whom it does not know; `None` when it has one now.
pub(crate) async fn resets_at<S: Store>(app: &App<S>, address: &str) -> StoreResult<Option<Timestamp>> {
    let now = app.clock.now();
    let resets_at = app.store.db().find_resets_at(&key(app, "account", address, "")).await?;
    let refusal = resets_at.and_then(|resets_at| RULE.take(resets_at, now).err());
    Ok(refusal.map(|RateLimited { retry_after }| now + retry_after))
}

/// What of the client the account knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KnownDevice {
    Network,
    Device,
    None,
}

async fn familiarity<S: Store>(app: &App<S>, client: &ClientInfo, user: Option<&User>) -> StoreResult<KnownDevice> {
    let devices = match user {
        Some(user) => app.store.db().list_devices(user.id).await?,
        None => Vec::new(),
    };
    let network = client.network();
    let known = |device: &crate::model::Device| {
        let known = ClientInfo {
            device: device.clone(),
            request_id: None,
        };
        known.network()
    };
    if network.is_some() && devices.iter().any(|device| known(device) == network) {
        return Ok(KnownDevice::Network);
    }
    let agent = &client.device.user_agent;
    if agent.is_some() && devices.iter().any(|device| device.user_agent == *agent) {
        return Ok(KnownDevice::Device);
    }
    Ok(KnownDevice::None)
}

impl AcquiredAttempt {
    /// Hands on what came of hashing, and gives the turn back when nothing did.
    pub(crate) async fn unless_failed<S: Store, T>(
        self,
        app: &App<S>,
        hashed: Result<T, HashError>,
    ) -> Result<T, Error> {
        if hashed.is_err() {
            self.refund(app).await?;
        }
        Ok(hashed?)
    }

    /// Gives the turn back: what was tried was right.
    pub(crate) async fn refund<S: Store>(self, app: &App<S>) -> StoreResult<()> {
        if self.0.is_none() {
            return Ok(());
        }
        let mut tx = app.store.begin().await?;
        self.refund_in(&mut tx).await?;
        tx.commit().await
    }

    /// The same, together with what was granted.
    pub(crate) async fn refund_in(self, repos: &mut impl RateLimitRepo) -> StoreResult<()> {
        match self.0 {
            Some((key, rule)) => repos.refund_quota(&key, &rule).await,
            None => Ok(()),
        }
    }
}

/// Removes rows that say nothing any more, in batches: says how many.
///
/// # Errors
/// The store failed; what was removed before that stays removed.
pub async fn purge<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let now = app.clock.now();
    in_batches(app, async |tx, limit| tx.delete_replenished_quotas(now, limit).await).await
}
