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

/// Smaller differences between measurements are attributed to network latency.
const TOLERANCE: Duration = Duration::from_millis(50);

/// The clock of the database. All instances share it, so it does not matter whether the clocks of their machines are
/// correct or synchronised. Between measurements it advances with the monotonic clock of this machine. Clones share their
/// state.
#[derive(Clone, Debug)]
pub struct DatabaseClock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// The instant of the first measurement.
    base: Instant,
    /// The time of the database at `base`, in microseconds since 1970.
    time_at_base: AtomicI64,
}

/// A measurement of the database's time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    pub(crate) time: Timestamp,
    /// The middle between sending the query and receiving its result.
    pub(crate) at: Instant,
    /// Half the duration of the query.
    pub(crate) uncertainty: Duration,
}

impl Reading {
    /// Creates a reading from a query that was sent at `sent_at` and has just returned `time`.
    pub(crate) fn new(time: Timestamp, sent_at: Instant) -> Self {
        let uncertainty = sent_at.elapsed() / 2;
        Self {
            time,
            at: sent_at + uncertainty,
            uncertainty,
        }
    }
}

impl DatabaseClock {
    /// Creates a clock from a first reading.
    pub(crate) fn new(reading: Reading) -> Self {
        Self(Arc::new(Inner {
            base: reading.at,
            time_at_base: AtomicI64::new(reading.time.timestamp_micros()),
        }))
    }

    /// Adopts the time of a reading if it differs by more than the uncertainty of the measurement.
    pub(crate) fn adjust(&self, reading: Reading) {
        let since_base = reading.at.saturating_duration_since(self.0.base);
        let measured = reading.time.timestamp_micros() - micros(since_base);
        let difference = self.0.time_at_base.load(Ordering::Relaxed).abs_diff(measured);
        if u128::from(difference) > reading.uncertainty.max(TOLERANCE).as_micros() {
            self.0.time_at_base.store(measured, Ordering::Relaxed);
        }
    }

    /// Returns how far the clock of this machine is ahead of the database; negative if it is behind.
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
    fn clock_returns_database_time_when_machine_differs() {
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
    fn clock_adopts_steps_but_ignores_latency() {
        let start = SystemClock.now();
        let clock = DatabaseClock::new(reading(start));
        let before = clock.now();
        clock.adjust(reading(clock.now() - TimeDelta::milliseconds(20)));
        assert!(clock.now() >= before, "latency does not set the clock back");
        clock.adjust(reading(start - TimeDelta::hours(1)));
        assert!(clock.now() < start, "a step of the database does");
    }
}
