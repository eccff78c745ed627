//! A clock that tests turn.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};
use vestibule_domain::{Clock, Timestamp};

/// Starts at the time of the machine, because clients compare what they get with theirs, and goes on by
/// a microsecond whenever it is read, so that no two moments are the same. Clones show the same time.
#[derive(Debug, Clone)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    /// A clock that shows the time of now.
    #[must_use]
    pub fn starting_now() -> Self {
        Self(Arc::new(AtomicI64::new(Utc::now().timestamp_micros())))
    }

    /// Turns it.
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
