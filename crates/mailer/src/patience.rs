//! How long a mail server may take to accept a whole message.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// The longest time, however slow a server is. Shorter than the claim on a mail in the outbox.
const LONGEST: Duration = Duration::from_secs(90);

/// The time within which a message has to be sent and accepted.
///
/// A server that does not answer after the last line of a message may have accepted it, and gets it again. If
/// it always takes longer than the time-out it would get the same message without end. So the time doubles with
/// every second time-out in a row, and stays at twice of what the server needs.
pub(crate) struct Patience {
    least: Duration,
    state: Mutex<State>,
}

struct State {
    bound: Duration,
    timeouts: u32,
    last: Option<Instant>,
}

impl Patience {
    pub(crate) fn new(least: Duration) -> Self {
        Self {
            least,
            state: Mutex::new(State {
                bound: least,
                timeouts: 0,
                last: None,
            }),
        }
    }

    pub(crate) fn bound(&self) -> Duration {
        self.lock().bound
    }

    /// Notes that a message that was begun at `started` was not accepted in time. Of several at once one counts.
    pub(crate) fn exceeded(&self, started: Instant) {
        let mut state = self.lock();
        if state.last.is_some_and(|last| started < last) {
            return;
        }
        state.last = Some(Instant::now());
        state.timeouts += 1;
        if state.timeouts.is_multiple_of(2) {
            state.bound = (state.bound * 2).min(LONGEST).max(self.least);
        }
    }

    /// Notes how long a message took that was accepted.
    pub(crate) fn sufficed(&self, took: Duration) {
        let mut state = self.lock();
        state.timeouts = 0;
        state.bound = (took * 2).min(LONGEST).max(self.least);
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
    fn patience_doubles_with_every_second_timeout_up_to_a_bound() {
        let patience = Patience::new(20 * SECOND);
        let bounds = [(); 8].map(|()| {
            patience.exceeded(Instant::now());
            patience.bound().as_secs()
        });
        assert_eq!(bounds, [20, 40, 40, 80, 80, 90, 90, 90]);
        patience.sufficed(35 * SECOND);
        assert_eq!(patience.bound(), 70 * SECOND);
        patience.sufficed(SECOND);
        assert_eq!(patience.bound(), 20 * SECOND);
    }

    #[test]
    fn messages_that_were_sent_at_once_count_as_one_timeout() {
        let patience = Patience::new(20 * SECOND);
        let started = Instant::now();
        for _ in 0..10 {
            patience.exceeded(started);
        }
        assert_eq!(patience.bound(), 20 * SECOND);
    }
}
