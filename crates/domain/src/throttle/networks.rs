//! How often one network may try.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::TimeDelta;

use crate::{
    Timestamp,
    throttle::{Rule, TooMany},
};

/// Attempts of one network at all accounts together.
const RULE: Rule = Rule {
    turns: 300,
    period: TimeDelta::minutes(15),
};

/// So many networks at most are remembered; those whose turns are all there again make room.
const CAPACITY: usize = 100_000;

/// The turns of each network at one instance. They are no guard of an account, only of the server, so
/// instances do not share them.
#[derive(Debug, Default)]
pub struct Networks(Mutex<HashMap<String, Timestamp>>);

impl Networks {
    /// Takes a turn of a network.
    ///
    /// # Errors
    /// [`TooMany`].
    pub fn take_turn(&self, network: &str, at: Timestamp) -> Result<(), TooMany> {
        let mut networks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if networks.len() >= CAPACITY {
            networks.retain(|_, clear_at| *clear_at > at);
        }
        let clear_at = networks.get(network).copied().unwrap_or(at);
        let next = RULE.take(clear_at, at)?;
        if networks.len() < CAPACITY || networks.contains_key(network) {
            networks.insert(network.to_owned(), next);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn each_network_has_its_own_turns() {
        let (networks, now) = (Networks::default(), DateTime::UNIX_EPOCH);
        for _ in 0..300 {
            networks.take_turn("192.0.2.1", now).expect("a turn");
        }
        let TooMany { retry_after } = networks.take_turn("192.0.2.1", now).expect_err("none is left");
        assert_eq!(retry_after, TimeDelta::seconds(3));
        assert!(networks.take_turn("192.0.2.2", now).is_ok());
        assert!(networks.take_turn("192.0.2.1", now + retry_after).is_ok());
    }
}
