//! Quotas of rate limits.

use chrono::TimeDelta;

use crate::model::Timestamp;

/// The difference between the times of concurrent requests that does not matter: instances have different clocks, and
/// requests acquire quota in a different order than they read the clock in.
const CLOCK_TOLERANCE: TimeDelta = TimeDelta::minutes(1);

/// A rate limit: `burst` attempts at once, and then one for each interval of `period / burst`.
///
/// This is the generic cell rate algorithm. The only state is the time when the quota is fully replenished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// The number of attempts of a full quota.
    pub burst: i32,
    /// The time in which an empty quota is fully replenished.
    pub period: TimeDelta,
}

/// The quota is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many requests")]
pub struct RateLimited {
    /// The time until the next attempt is possible.
    pub retry_after: TimeDelta,
}

impl Quota {
    /// Returns the time in which one attempt is replenished.
    #[must_use]
    pub fn interval(&self) -> TimeDelta {
        self.period / self.burst
    }

    /// Returns the latest time at which a quota that is used up at `at` can be fully replenished.
    #[must_use]
    pub fn latest_reset(&self, at: Timestamp) -> Timestamp {
        at + self.period + CLOCK_TOLERANCE
    }

    /// Acquires one attempt from a quota that is fully replenished at `resets_at`. Returns the new `resets_at`.
    ///
    /// A `resets_at` after [`Quota::latest_reset`] was written before the clock was set back. The quota then counts as full.
    ///
    /// # Errors
    /// [`RateLimited`].
    pub fn acquire(&self, resets_at: Timestamp, at: Timestamp) -> Result<Timestamp, RateLimited> {
        let is_possible = resets_at <= self.latest_reset(at);
        let next = if is_possible { resets_at.max(at) } else { at } + self.interval();
        let surplus = next - at - self.period;
        if surplus > TimeDelta::zero() {
            Err(RateLimited { retry_after: surplus })
        } else {
            Ok(next)
        }
    }
}

/// The result of acquiring an attempt from a stored quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Acquisition {
    /// The attempt was acquired.
    Acquired,
    /// The quota is used up.
    RateLimited(RateLimited),
}

/// A MAC of the subject of a rate limit, which therefore cannot be read from the database.
pub type RateLimitKey = [u8; 32];

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn quota_is_used_up_and_replenished_one_by_one() {
        let quota = Quota {
            burst: 10,
            period: TimeDelta::minutes(15),
        };
        let start = DateTime::UNIX_EPOCH;
        let mut resets_at = start - TimeDelta::days(1);
        for _ in 0..10 {
            resets_at = quota.acquire(resets_at, start).expect("quota left");
        }
        let RateLimited { retry_after } = quota.acquire(resets_at, start).expect_err("used up");
        assert_eq!(retry_after, TimeDelta::seconds(90));
        let later = start + retry_after;
        let resets_at = quota.acquire(resets_at, later).expect("one replenished");
        assert!(quota.acquire(resets_at, later).is_err());
        assert!(quota.acquire(resets_at, later + TimeDelta::minutes(15)).is_ok());
    }

    #[test]
    fn quota_is_full_after_clock_was_set_back() {
        let quota = Quota {
            burst: 10,
            period: TimeDelta::minutes(15),
        };
        let now = DateTime::UNIX_EPOCH;
        let used_up = now + quota.period;
        assert!(quota.acquire(used_up, now).is_err(), "used up");
        let by_a_clock_ahead = used_up + CLOCK_TOLERANCE;
        assert!(quota.acquire(by_a_clock_ahead, now).is_err(), "used up elsewhere");
        let before_set_back = now + TimeDelta::hours(1);
        assert_eq!(quota.acquire(before_set_back, now), Ok(now + quota.interval()));
    }
}
