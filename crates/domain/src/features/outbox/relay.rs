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

/// The longest time from the start of one probe to the start of the next, so that mail leaves soon after the
/// server recovers. A probe that takes longer than this is followed by [`LEAST_PAUSE`].
const PROBE_EVERY: Duration = Duration::from_secs(25);

/// The shortest pause after the backoff has grown, for servers that do not answer in time.
const LEAST_PAUSE: Duration = Duration::from_secs(5);

/// How many mails with an unclear failure are remembered. Forgetting one only delays the decision about it.
const MAX_SUSPECTS: usize = 1000;

/// A circuit breaker around the mail server.
///
/// A failure that is not about one mail pauses all deliveries; then one mail at a time probes the server, at
/// growing intervals of at most half a minute. An urgent mail does not wait for the end of a probe: it is a
/// second one. Such failures do not count as attempts of a mail.
///
/// Some failures can be about the mail or about the server. They pause the deliveries too, and the next probe
/// takes another mail. If the server accepts that one, the next such failure of the first is about itself.
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

/// What may be sent now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// Any number of mails.
    Open,
    /// One mail, to find out whether the server is available again.
    Probe,
    /// One urgent mail, beside the probe that is being sent.
    UrgentProbe,
    /// Nothing before this time.
    Wait(Instant),
    /// Nothing before one of the probes that are being sent has ended.
    Probing,
}

/// A change of the state of the mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RelayEvent {
    /// It has become unavailable, for this reason.
    Paused(String),
    /// It is available again, after this time.
    Resumed(Duration),
}

/// What a failure is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The mail, and retrying is useless.
    MailForGood,
    /// The mail, for now.
    MailForNow,
    /// The mail server, or this client of it.
    Relay,
}

impl Relay {
    /// Returns what may be sent now.
    #[must_use]
    pub fn admission(&self, now: Instant) -> Admission {
        let Some(pause) = &self.pause else {
            return Admission::Open;
        };
        // One that takes longer than this may still end well, and holds up no other.
        let is_young = |started: Instant| now.saturating_duration_since(started) < PROBE_EVERY;
        match pause.probes.iter().filter(|(_, started)| is_young(*started)).count() {
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

    /// Returns whether the last failure of this mail was unclear: better probe with another one.
    #[must_use]
    pub fn is_suspect(&self, id: Id<QueuedEmail>) -> bool {
        self.suspects.contains_key(&id)
    }

    /// Notes that a mail is about to be sent.
    pub fn start(&mut self, id: Id<QueuedEmail>, now: Instant) {
        if let Some(pause) = &mut self.pause {
            pause.probes.push((id, now));
        }
    }

    /// Notes that a delivery ended without a result, so that other mails can be probes.
    pub fn abandon_probes(&mut self) {
        if let Some(pause) = &mut self.pause {
            pause.probes.clear();
        }
    }

    /// Notes that a mail was started and there was no need, or no way, to ask the server about it.
    pub(crate) fn skip(&mut self, id: Id<QueuedEmail>) {
        self.suspects.remove(&id);
        self.end_probe(id);
    }

    /// Notes that the server accepted a mail.
    pub(crate) fn accept(&mut self, id: Id<QueuedEmail>, now: Instant) -> Option<RelayEvent> {
        self.suspects.remove(&id);
        self.last_accepted = Some(now);
        self.resume(now)
    }

    /// Decides what a failure of a mail, whose delivery began at `started`, is about.
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
                (Fault::MailForGood, None)
            }
            SendError::Refused(_) => {
                self.suspects.remove(&id);
                (Fault::MailForGood, self.resume(now))
            }
            SendError::Failed(_) => {
                self.suspects.remove(&id);
                (Fault::MailForNow, self.resume(now))
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
                return (Fault::MailForGood, None);
            }
            return (Fault::MailForNow, None);
        }
        let is_available = accepted_after(started);
        if self.suspects.len() >= MAX_SUSPECTS {
            self.suspects.clear();
        }
        self.suspects.entry(id).or_insert(now);
        if is_available {
            self.end_probe(id);
            (Fault::MailForNow, None)
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
            // A delivery from before the pause tells nothing new.
            Some(pause) if !pause.probes.iter().any(|(probe, _)| *probe == id) => None,
            Some(pause) => {
                let backoff = FIRST_PAUSE * 2_u32.pow(pause.failures.min(8));
                let rest = PROBE_EVERY.saturating_sub(now.saturating_duration_since(started));
                pause.failures = pause.failures.saturating_add(1);
                pause.next_probe = now + backoff.min(rest.max(LEAST_PAUSE));
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
