//! How often the password of one account may be tried.

use chrono::TimeDelta;

use crate::{
    App, Commit, Origin, Purpose, Store, StoreError, StoreResult, Timestamp,
    credential::HashError,
    session::SessionRepo,
    throttle::{Rule, ThrottleRepo, TooMany, TurnKey},
    user::User,
};

/// The turns of an account, or of a network or device that it knows.
const RULE: Rule = Rule {
    turns: 10,
    period: TimeDelta::minutes(15),
};

/// The turns of one more network when those of the account are used up.
const SLOW: Rule = Rule {
    turns: 1,
    period: TimeDelta::minutes(1),
};

/// A turn that was taken. It is given back when the password was right.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turn(Option<(TurnKey, Rule)>);

/// Why a password was not tried.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AdmitError {
    #[error(transparent)]
    TooMany(#[from] TooMany),
    #[error(transparent)]
    Hash(#[from] HashError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes a turn to try the password of the account with this address, before anything is hashed. An
/// address that nobody has counts alike.
pub(crate) async fn admit<S: Store>(
    app: &App<S>,
    origin: &Origin,
    address: &str,
    user: Option<&User>,
) -> Result<Turn, AdmitError> {
    if !app.policy.rate_limits {
        return Ok(Turn(None));
    }
    let network = origin.network().unwrap_or_default();
    let key = |kind: &str, of: &str| key(app, kind, address, of);
    let familiarity = familiarity(app, origin, user).await?;
    let slow = key("slow", &network);
    let choices = match familiarity {
        Familiarity::Network => vec![(key("network", &network), RULE)],
        // Anybody can guess the device, so its turns may be used up as well.
        Familiarity::Device => {
            let agent = origin.device.user_agent.as_deref().unwrap_or_default();
            vec![(key("device", agent), RULE), (slow, SLOW)]
        }
        Familiarity::None => vec![(key("account", ""), RULE), (slow, SLOW)],
    };
    let mut tx = app.store.begin().await?;
    let now = app.clock.now();
    let mut refusal = None;
    for (key, rule) in choices {
        match tx.take_turn(&key, &rule, now).await? {
            Ok(()) => {
                if familiarity != Familiarity::Network {
                    // The network has had its turn of this minute too, whichever it took.
                    let _ = tx.take_turn(&slow, &SLOW, now).await?;
                }
                tx.commit().await?;
                return Ok(Turn(Some((key, rule))));
            }
            Err(too_many) => refusal = Some(too_many),
        }
    }
    let retry_after = refusal.map_or(SLOW.period, |too_many| too_many.retry_after);
    Err(TooMany { retry_after }.into())
}

/// Whose turns.
fn key<S>(app: &App<S>, kind: &str, address: &str, of: &str) -> TurnKey {
    let parts = [kind.as_bytes(), address.as_bytes(), of.as_bytes()];
    app.keyed.mac(Purpose::Turns, &parts)
}

/// When the account has a turn again for those whom it does not know; `None` when it has one now.
pub(crate) async fn waits_until<S: Store>(app: &App<S>, address: &str) -> StoreResult<Option<Timestamp>> {
    let now = app.clock.now();
    let clear_at = app
        .store
        .conn()
        .find_clear_at(&key(app, "account", address, ""))
        .await?;
    let refusal = clear_at.and_then(|clear_at| RULE.take(clear_at, now).err());
    Ok(refusal.map(|TooMany { retry_after }| now + retry_after))
}

/// What of the origin the account knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Familiarity {
    Network,
    Device,
    None,
}

async fn familiarity<S: Store>(app: &App<S>, origin: &Origin, user: Option<&User>) -> StoreResult<Familiarity> {
    let devices = match user {
        Some(user) => app.store.conn().list_devices(user.id).await?,
        None => Vec::new(),
    };
    let network = origin.network();
    let known = |device: &crate::session::Device| {
        let known = Origin {
            device: device.clone(),
            request_id: None,
        };
        known.network()
    };
    if network.is_some() && devices.iter().any(|device| known(device) == network) {
        return Ok(Familiarity::Network);
    }
    let agent = &origin.device.user_agent;
    if agent.is_some() && devices.iter().any(|device| device.user_agent == *agent) {
        return Ok(Familiarity::Device);
    }
    Ok(Familiarity::None)
}

impl Turn {
    /// Hands on what came of hashing, and gives the turn back when nothing did.
    pub(crate) async fn unless_failed<S: Store, T>(
        self,
        app: &App<S>,
        hashed: Result<T, HashError>,
    ) -> Result<T, AdmitError> {
        if hashed.is_err() {
            self.give_back(app).await?;
        }
        Ok(hashed?)
    }

    /// Gives the turn back: what was tried was right.
    pub(crate) async fn give_back<S: Store>(self, app: &App<S>) -> StoreResult<()> {
        if self.0.is_none() {
            return Ok(());
        }
        let mut tx = app.store.begin().await?;
        self.give_back_in(&mut tx).await?;
        tx.commit().await
    }

    /// The same, together with what was granted.
    pub(crate) async fn give_back_in(self, repos: &mut impl ThrottleRepo) -> StoreResult<()> {
        match self.0 {
            Some((key, rule)) => repos.give_back_turn(&key, &rule).await,
            None => Ok(()),
        }
    }
}
