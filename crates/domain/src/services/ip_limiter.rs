//! Rate limits of IP addresses.

use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, PoisonError},
};

use chrono::TimeDelta;

use crate::model::{Quota, RateLimited, Timestamp};

/// Attempts of one network at all accounts together.
const ATTEMPTS: Quota = Quota {
    burst: 300,
    period: TimeDelta::minutes(15),
};

/// Accounts that one network may make, and addresses that its users may ask to change to.
const SIGN_UPS: Quota = Quota {
    burst: 1000,
    period: TimeDelta::minutes(15),
};

/// So many of the networks that came last are remembered in any case, and at most twice as many.
const CAPACITY: usize = 50_000;

/// The turns of each network at one instance. They are no guard of an account, only of the server, so
/// instances do not share them.
#[derive(Debug, Default)]
pub struct IpLimiter {
    attempts: Mutex<Buckets>,
    sign_ups: Mutex<Buckets>,
}

/// When each network has all its turns again: those that came last, and those before them.
#[derive(Debug, Default)]
struct Buckets {
    recent: HashMap<String, Timestamp>,
    older: HashMap<String, Timestamp>,
}

impl IpLimiter {
    /// Takes a turn of a network to show who it is.
    ///
    /// # Errors
    /// [`RateLimited`].
    pub fn attempt(&self, network: &str, at: Timestamp) -> Result<(), RateLimited> {
        Buckets::take(&self.attempts, &ATTEMPTS, network, at)
    }

    /// Takes a turn of a network to make an account, or to have a link sent to another address.
    ///
    /// # Errors
    /// [`RateLimited`].
    pub fn sign_up(&self, network: &str, at: Timestamp) -> Result<(), RateLimited> {
        Buckets::take(&self.sign_ups, &SIGN_UPS, network, at)
    }
}

impl Buckets {
    fn take(turns: &Mutex<Self>, rule: &Quota, network: &str, at: Timestamp) -> Result<(), RateLimited> {
        let mut turns = turns.lock().unwrap_or_else(PoisonError::into_inner);
        let found = turns.recent.get(network).or_else(|| turns.older.get(network));
        let next = rule.take(found.copied().unwrap_or(at), at)?;
        turns.recent.insert(network.to_owned(), next);
        if turns.recent.len() >= CAPACITY {
            turns.older = mem::take(&mut turns.recent);
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
        let (networks, now) = (IpLimiter::default(), DateTime::UNIX_EPOCH);
        for _ in 0..300 {
            networks.attempt("192.0.2.1", now).expect("a turn");
        }
        let RateLimited { retry_after } = networks.attempt("192.0.2.1", now).expect_err("none is left");
        assert_eq!(retry_after, TimeDelta::seconds(3));
        assert!(networks.attempt("192.0.2.2", now).is_ok());
        assert!(networks.attempt("192.0.2.1", now + retry_after).is_ok());
    }

    #[test]
    fn many_networks_neither_fill_the_memory_nor_hide_in_the_crowd() {
        let (networks, now) = (IpLimiter::default(), DateTime::UNIX_EPOCH);
        for _ in 0..300 {
            networks.attempt("192.0.2.1", now).expect("a turn");
        }
        for n in 0..CAPACITY {
            networks.attempt(&n.to_string(), now).expect("a turn");
        }
        assert!(networks.attempt("192.0.2.1", now).is_err(), "it is remembered");
        for n in 0..3 * CAPACITY {
            networks.attempt(&n.to_string(), now).expect("a turn");
        }
        let turns = networks.attempts.lock().expect("nobody panicked");
        assert!(turns.recent.len() + turns.older.len() <= 2 * CAPACITY);
    }
}
