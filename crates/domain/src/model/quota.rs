//! Quotas of rate limits.

use chrono::TimeDelta;

use crate::model::Timestamp;

/// So many turns at once, and then one whenever its share of the period has passed (the generic cell rate
/// algorithm: all that is kept is when every turn will be there again).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// How many at once.
    pub burst: i32,
    /// The time after which all are there again.
    pub period: TimeDelta,
}

/// No turn is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many requests")]
pub struct RateLimited {
    /// How long until there is one.
    pub retry_after: TimeDelta,
}

impl Quota {
    /// How long one turn takes to come back.
    #[must_use]
    pub fn interval(&self) -> TimeDelta {
        self.period / self.burst
    }

    /// Takes a turn `at` this time where all would be there again at `resets_at`; says when they will be
    /// now. A `resets_at` beyond the period is from a clock that has been set back since, because this rule never
    /// writes one, and counts as though nothing were used.
    ///
    /// # Errors
    /// [`RateLimited`].
    pub fn take(&self, resets_at: Timestamp, at: Timestamp) -> Result<Timestamp, RateLimited> {
        let is_possible = resets_at <= at + self.period;
        let next = if is_possible { resets_at.max(at) } else { at } + self.interval();
        let surplus = next - at - self.period;
        if surplus > TimeDelta::zero() {
            Err(RateLimited { retry_after: surplus })
        } else {
            Ok(next)
        }
    }
}

/// Whose turns: a keyed digest, so that nothing can be read from it.
pub type RateLimitKey = [u8; 32];

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn turns_are_used_up_and_come_back_one_by_one() {
        let rule = Quota {
            burst: 10,
            period: TimeDelta::minutes(15),
        };
        let start = DateTime::UNIX_EPOCH;
        let mut resets_at = start - TimeDelta::days(1);
        for _ in 0..10 {
            resets_at = rule.take(resets_at, start).expect("a turn");
        }
        let RateLimited { retry_after } = rule.take(resets_at, start).expect_err("none is left");
        assert_eq!(retry_after, TimeDelta::seconds(90));
        let later = start + retry_after;
        let resets_at = rule.take(resets_at, later).expect("one came back");
        assert!(rule.take(resets_at, later).is_err());
        assert!(rule.take(resets_at, later + TimeDelta::minutes(15)).is_ok());
    }

    #[test]
    fn a_clock_that_was_set_back_locks_nobody_out() {
        let rule = Quota {
            burst: 10,
            period: TimeDelta::minutes(15),
        };
        let now = DateTime::UNIX_EPOCH;
        let full = now + rule.period;
        assert!(rule.take(full, now).is_err(), "all are used up");
        let from_later = now + TimeDelta::hours(1);
        assert_eq!(rule.take(from_later, now), Ok(now + rule.interval()));
    }
}
