//! Creating, finding and completing challenges.

use chrono::TimeDelta;

use crate::{
    model::{Challenge, ChallengePurpose, ChallengeToken, Id, MAX_FAILED_ATTEMPTS, Secret, Timestamp, User},
    ports::{ChallengeRepo, Purpose, Repositories, Store, StoreResult},
    services::{App, purge::in_batches},
};

/// The lifetime of a challenge.
pub const CHALLENGE_TTL: TimeDelta = TimeDelta::minutes(5);

/// Creates a challenge.
pub(crate) async fn create<S>(
    app: &App<S>,
    tx: &mut impl Repositories,
    purpose: ChallengePurpose,
    user: Option<Id<User>>,
    at: Timestamp,
) -> StoreResult<Challenge> {
    let mut bytes = [0; 32];
    app.rng.fill(&mut bytes);
    let challenge = Challenge {
        id: app.new_id(at),
        purpose,
        user,
        bytes: Secret::new(bytes),
        failed_attempts: 0,
        created_at: at,
        expires_at: at + CHALLENGE_TTL,
    };
    tx.insert_challenge(&challenge).await?;
    Ok(challenge)
}

/// Finds a challenge that is valid now for a purpose.
pub(crate) async fn find<S>(
    app: &App<S>,
    repos: &impl Repositories,
    id: Id<Challenge>,
    purpose: ChallengePurpose,
) -> StoreResult<Option<Challenge>> {
    let challenge = repos.find_challenge(id).await?;
    let now = app.clock.now();
    Ok(challenge.filter(|challenge| challenge.purpose == purpose && now < challenge.expires_at))
}

/// Counts a failed attempt. The fifth voids the challenge.
pub(crate) async fn count_failed_attempt(tx: &mut impl Repositories, id: Id<Challenge>) -> StoreResult<()> {
    if tx
        .count_failed_attempt(id)
        .await?
        .is_some_and(|count| count >= MAX_FAILED_ATTEMPTS)
    {
        tx.consume_challenge(id).await?;
    }
    Ok(())
}

/// Deletes expired challenges, in batches. Returns how many were deleted.
///
/// # Errors
/// The store failed. The batches before that remain deleted.
pub async fn purge<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let now = app.clock.now();
    in_batches(app, async |tx, limit| tx.delete_expired_challenges(now, limit).await).await
}

impl ChallengeToken {
    /// Derives the token of a challenge.
    pub(crate) fn derive<S>(app: &App<S>, id: Id<Challenge>) -> Self {
        let mac = app.mac_keys.sign(Purpose::Challenge, &[id.as_uuid().as_bytes()]);
        Self {
            id,
            mac: Secret::new(mac),
        }
    }

    /// Returns the identifier of the challenge, if this server issued the token.
    pub(crate) fn verify<S>(&self, app: &App<S>) -> Option<Id<Challenge>> {
        let uuid = self.id.as_uuid();
        let is_genuine = app
            .mac_keys
            .verify(Purpose::Challenge, &[uuid.as_bytes()], self.mac.expose());
        is_genuine.then_some(self.id)
    }
}
