//! A clock that tests can advance.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};
use vestibule_domain::{Clock, Timestamp};

/// A clock that only tests advance, apart from one microsecond per reading, so that all timestamps differ. It starts at
/// the time of the machine, because clients compare timestamps with their own clock. Clones share the time.
#[derive(Debug, Clone)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    /// Creates a clock that starts at the current time.
    #[must_use]
    pub fn starting_now() -> Self {
        Self(Arc::new(AtomicI64::new(Utc::now().timestamp_micros())))
    }

    /// Advances the clock.
    pub fn advance(&self, by: TimeDelta) {
        self.0
            .fetch_add(by.num_microseconds().expect("a span in range"), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        DateTime::from_timestamp_micros(self.0.fetch_add(1, Ordering::SeqCst)).expect("a time in range")
    }
}
