//! The clock of the database.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta};
use vestibule_domain::{Clock, SystemClock, Timestamp};

/// Measurements that differ by less are noise of the network.
const TOLERANCE: Duration = Duration::from_millis(50);

/// The clock of the database, which all instances share, so that it does not matter whether the clocks of their
/// machines agree or are set. Between measurements it advances with the monotonic clock of this machine. Clones are
/// the same clock.
#[derive(Clone, Debug)]
pub struct DatabaseClock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// A moment of this process.
    base: Instant,
    /// The time of the database at that moment, in microseconds since 1970.
    time_at_base: AtomicI64,
}

/// The time of the database as it was read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    pub(crate) time: Timestamp,
    /// The middle between asking and the answer.
    pub(crate) at: Instant,
    /// Half the time between them.
    pub(crate) uncertainty: Duration,
}

impl Reading {
    /// A reading that was asked for at a moment and has just arrived.
    pub(crate) fn new(time: Timestamp, asked: Instant) -> Self {
        let uncertainty = asked.elapsed() / 2;
        Self {
            time,
            at: asked + uncertainty,
            uncertainty,
        }
    }
}

impl DatabaseClock {
    /// A clock that shows this reading.
    pub(crate) fn new(reading: Reading) -> Self {
        Self(Arc::new(Inner {
            base: reading.at,
            time_at_base: AtomicI64::new(reading.time.timestamp_micros()),
        }))
    }

    /// Follows the database when its time differs by more than a measurement can err.
    pub(crate) fn follow(&self, reading: Reading) {
        let since_base = reading.at.saturating_duration_since(self.0.base);
        let measured = reading.time.timestamp_micros() - micros(since_base);
        let difference = self.0.time_at_base.load(Ordering::Relaxed).abs_diff(measured);
        if u128::from(difference) > reading.uncertainty.max(TOLERANCE).as_micros() {
            self.0.time_at_base.store(measured, Ordering::Relaxed);
        }
    }

    /// How far the clock of this machine is ahead of the database; negative when it is behind.
    #[must_use]
    pub fn skew(&self) -> TimeDelta {
        SystemClock.now() - self.now()
    }
}

impl Clock for DatabaseClock {
    fn now(&self) -> Timestamp {
        let now = self.0.time_at_base.load(Ordering::Relaxed) + micros(self.0.base.elapsed());
        DateTime::from_timestamp_micros(now).unwrap_or_else(|| SystemClock.now())
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(time: Timestamp) -> Reading {
        Reading {
            time,
            at: Instant::now(),
            uncertainty: Duration::from_millis(1),
        }
    }

    #[test]
    fn shows_the_time_of_the_database_whatever_the_machine_shows() {
        let ahead = SystemClock.now() + TimeDelta::hours(1);
        let clock = DatabaseClock::new(reading(ahead));
        let difference = clock.now() - ahead;
        assert!(
            difference >= TimeDelta::zero() && difference < TimeDelta::minutes(1),
            "{difference}"
        );
        assert!(clock.skew() <= TimeDelta::minutes(-59), "{}", clock.skew());
    }

    #[test]
    fn follows_a_step_of_the_database_but_not_the_noise_of_the_network() {
        let start = SystemClock.now();
        let clock = DatabaseClock::new(reading(start));
        let before = clock.now();
        clock.follow(reading(clock.now() - TimeDelta::milliseconds(20)));
        assert!(clock.now() >= before, "noise does not turn the clock back");
        clock.follow(reading(start - TimeDelta::hours(1)));
        assert!(clock.now() < start, "a step does");
    }
}
