//! The adaptive timeout for a mail server to accept a message.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// The upper bound of the timeout. It is shorter than the claim on an email in the outbox.
const MAX: Duration = Duration::from_secs(90);

/// The time within which a message must be sent and accepted.
///
/// A server that does not reply after the last line of a message may have accepted it, and receives it again. If the
/// server always took longer than a fixed timeout, it would receive the same message forever. Therefore every second
/// consecutive expiry doubles the timeout, and each accepted message sets it to twice the time that it took.
pub(crate) struct AcceptanceTimeout {
    min: Duration,
    state: Mutex<State>,
}

struct State {
    current: Duration,
    expirations: u32,
    last_expired: Option<Instant>,
}

impl AcceptanceTimeout {
    pub(crate) fn new(min: Duration) -> Self {
        Self {
            min,
            state: Mutex::new(State {
                current: min,
                expirations: 0,
                last_expired: None,
            }),
        }
    }

    pub(crate) fn current(&self) -> Duration {
        self.lock().current
    }

    /// Records that a message was not accepted in time. Messages that were sent concurrently count once.
    pub(crate) fn record_expired(&self, started: Instant) {
        let mut state = self.lock();
        if state.last_expired.is_some_and(|last| started < last) {
            return;
        }
        state.last_expired = Some(Instant::now());
        state.expirations += 1;
        if state.expirations.is_multiple_of(2) {
            state.current = (state.current * 2).min(MAX).max(self.min);
        }
    }

    /// Records the time that an accepted message took.
    pub(crate) fn record_accepted(&self, took: Duration) {
        let mut state = self.lock();
        state.expirations = 0;
        state.current = (took * 2).min(MAX).max(self.min);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn timeout_doubles_with_every_second_expiry_up_to_maximum() {
        let timeout = AcceptanceTimeout::new(20 * SECOND);
        let seconds = [(); 8].map(|()| {
            timeout.record_expired(Instant::now());
            timeout.current().as_secs()
        });
        assert_eq!(seconds, [20, 40, 40, 80, 80, 90, 90, 90]);
        timeout.record_accepted(35 * SECOND);
        assert_eq!(timeout.current(), 70 * SECOND);
        timeout.record_accepted(SECOND);
        assert_eq!(timeout.current(), 20 * SECOND);
    }

    #[test]
    fn concurrent_expiries_count_once() {
        let timeout = AcceptanceTimeout::new(20 * SECOND);
        let started = Instant::now();
        for _ in 0..10 {
            timeout.record_expired(started);
        }
        assert_eq!(timeout.current(), 20 * SECOND);
    }
}
