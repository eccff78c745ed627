//! The state of the mail server: a circuit breaker.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use crate::{
    model::{Id, QueuedEmail},
    ports::SendError,
};

/// The pause after the first failure. It doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The maximum time from the start of one probe to the start of the next, so that emails are sent soon after the server
/// recovers. A probe that takes longer is followed by a pause of [`MIN_PAUSE`].
const PROBE_INTERVAL: Duration = Duration::from_secs(25);

/// The minimum pause once the backoff has grown, for servers that do not answer in time.
const MIN_PAUSE: Duration = Duration::from_secs(5);

/// The maximum number of emails with an unclear failure to track. Dropping one only delays the decision about it.
const MAX_SUSPECTS: usize = 1000;

/// A circuit breaker around the mail server.
///
/// A failure of the server pauses all deliveries. Then one email at a time probes the server, at growing intervals of
/// at most half a minute. An urgent email does not wait for the end of a probe, but becomes a second one. Failures of
/// the server do not count as attempts of an email.
///
/// Some failures may be caused by the email or by the server. They also pause the deliveries, and the next probe sends
/// a different email. If the server accepts it, the next such failure of the first email is attributed to that email.
#[derive(Debug, Default)]
pub struct Relay {
    pause: Option<Pause>,
    last_accepted: Option<Instant>,
    suspects: HashMap<Id<QueuedEmail>, Instant>,
}

#[derive(Debug)]
struct Pause {
    since: Instant,
    failures: u32,
    next_probe: Instant,
    probes: Vec<(Id<QueuedEmail>, Instant)>,
}

/// The deliveries that are currently allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// Any number of emails.
    Open,
    /// One email, which probes whether the server is available again.
    Probe,
    /// One urgent email, in addition to the current probe.
    UrgentProbe,
    /// No email before this time.
    Wait(Instant),
    /// No email before one of the current probes ends.
    Probing,
}

/// A change of the state of the mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RelayEvent {
    /// The server became unavailable, for this reason.
    Paused(String),
    /// The server is available again, after this time.
    Resumed(Duration),
}

/// The cause of a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The email; retrying is useless.
    Permanent,
    /// The email; retrying may help.
    Temporary,
    /// The mail server, which is down or rejects this client.
    Relay,
}

impl Relay {
    /// Returns the deliveries that are currently allowed.
    #[must_use]
    pub fn admission(&self, now: Instant) -> Admission {
        let Some(pause) = &self.pause else {
            return Admission::Open;
        };
        // A probe that takes longer may still succeed, but does not delay the next one.
        let is_recent = |started: Instant| now.saturating_duration_since(started) < PROBE_INTERVAL;
        match pause.probes.iter().filter(|(_, started)| is_recent(*started)).count() {
            2.. => Admission::Probing,
            _ if now < pause.next_probe => Admission::Wait(pause.next_probe),
            0 => Admission::Probe,
            1 => Admission::UrgentProbe,
        }
    }

    /// Returns whether the server is unavailable.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.pause.is_some()
    }

    /// Returns whether the last failure of this email was unclear, so that a different email should be the next probe.
    #[must_use]
    pub fn is_suspect(&self, id: Id<QueuedEmail>) -> bool {
        self.suspects.contains_key(&id)
    }

    /// Records that the delivery of an email starts.
    pub fn start(&mut self, id: Id<QueuedEmail>, now: Instant) {
        if let Some(pause) = &mut self.pause {
            pause.probes.push((id, now));
        }
    }

    /// Records that deliveries ended without a result, so that other emails can be probes.
    pub fn abandon_probes(&mut self) {
        if let Some(pause) = &mut self.pause {
            pause.probes.clear();
        }
    }

    /// Records that a started delivery ended without contacting the server.
    pub(crate) fn skip(&mut self, id: Id<QueuedEmail>) {
        self.suspects.remove(&id);
        self.end_probe(id);
    }

    /// Records that the server accepted an email.
    pub(crate) fn accept(&mut self, id: Id<QueuedEmail>, now: Instant) -> Option<RelayEvent> {
        self.suspects.remove(&id);
        self.last_accepted = Some(now);
        self.resume(now)
    }

    /// Records a failure of an email whose delivery began at `started`. Returns its cause.
    pub(crate) fn fail(
        &mut self,
        id: Id<QueuedEmail>,
        error: &SendError,
        started: Instant,
        now: Instant,
    ) -> (Fault, Option<RelayEvent>) {
        match error {
            SendError::InvalidAddress(_) => {
                self.skip(id);
                (Fault::Permanent, None)
            }
            SendError::Rejected(_) => {
                self.suspects.remove(&id);
                (Fault::Permanent, self.resume(now))
            }
            SendError::Failed(_) => {
                self.suspects.remove(&id);
                (Fault::Temporary, self.resume(now))
            }
            SendError::Unavailable(reason) => (Fault::Relay, self.pause(id, reason, started, now)),
            SendError::Unclear { reason, is_permanent } => self.suspect(id, reason, *is_permanent, started, now),
        }
    }

    fn suspect(
        &mut self,
        id: Id<QueuedEmail>,
        reason: &str,
        is_permanent: bool,
        started: Instant,
        now: Instant,
    ) -> (Fault, Option<RelayEvent>) {
        let accepted_after = |time: Instant| self.last_accepted.is_some_and(|accepted| accepted > time);
        let failed_before = self.suspects.get(&id).copied();
        if failed_before.is_some_and(accepted_after) {
            self.end_probe(id);
            if is_permanent {
                self.suspects.remove(&id);
                return (Fault::Permanent, None);
            }
            return (Fault::Temporary, None);
        }
        let is_available = accepted_after(started);
        if self.suspects.len() >= MAX_SUSPECTS {
            self.suspects.clear();
        }
        self.suspects.entry(id).or_insert(now);
        if is_available {
            self.end_probe(id);
            (Fault::Temporary, None)
        } else {
            (Fault::Relay, self.pause(id, reason, started, now))
        }
    }

    fn pause(&mut self, id: Id<QueuedEmail>, reason: &str, started: Instant, now: Instant) -> Option<RelayEvent> {
        match &mut self.pause {
            None => {
                self.pause = Some(Pause {
                    since: now,
                    failures: 1,
                    next_probe: now + FIRST_PAUSE,
                    probes: Vec::new(),
                });
                Some(RelayEvent::Paused(reason.to_owned()))
            }
            // A delivery that started before the pause provides no new information.
            Some(pause) if !pause.probes.iter().any(|(probe, _)| *probe == id) => None,
            Some(pause) => {
                let backoff = FIRST_PAUSE * 2_u32.pow(pause.failures.min(8));
                let rest = PROBE_INTERVAL.saturating_sub(now.saturating_duration_since(started));
                pause.failures = pause.failures.saturating_add(1);
                pause.next_probe = now + backoff.min(rest.max(MIN_PAUSE));
                pause.probes.retain(|(probe, _)| *probe != id);
                None
            }
        }
    }

    fn resume(&mut self, now: Instant) -> Option<RelayEvent> {
        let pause = self.pause.take()?;
        Some(RelayEvent::Resumed(now.saturating_duration_since(pause.since)))
    }

    fn end_probe(&mut self, id: Id<QueuedEmail>) {
        if let Some(pause) = &mut self.pause {
            pause.probes.retain(|(probe, _)| *probe != id);
        }
    }
}

#[cfg(test)]
mod tests;
