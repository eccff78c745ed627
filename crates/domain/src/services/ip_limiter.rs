//! Rate limits of networks.

use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, PoisonError},
};

use chrono::TimeDelta;

use crate::model::{Quota, RateLimited, Timestamp};

/// Password attempts from one network, at all accounts together.
const ATTEMPTS: Quota = Quota {
    burst: 300,
    period: TimeDelta::minutes(15),
};

/// Sign-ups and email change requests from one network.
const SIGN_UPS: Quota = Quota {
    burst: 1000,
    period: TimeDelta::minutes(15),
};

/// The number of most recent networks that are tracked. At most twice as many are stored.
const CAPACITY: usize = 50_000;

/// The rate limits of networks at one instance. They protect the server and not the accounts, so instances do not share
/// them.
#[derive(Debug, Default)]
pub struct IpLimiter {
    attempts: Mutex<Buckets>,
    sign_ups: Mutex<Buckets>,
}

/// The time when the quota of each network is fully replenished. When `recent` is full, it replaces `older`.
#[derive(Debug, Default)]
struct Buckets {
    recent: HashMap<String, Timestamp>,
    older: HashMap<String, Timestamp>,
}

impl IpLimiter {
    /// Acquires quota for one password attempt.
    ///
    /// # Errors
    /// [`RateLimited`].
    pub fn attempt(&self, network: &str, at: Timestamp) -> Result<(), RateLimited> {
        Buckets::acquire(&self.attempts, &ATTEMPTS, network, at)
    }

    /// Acquires quota for one sign-up or one request to change an email address.
    ///
    /// # Errors
    /// [`RateLimited`].
    pub fn sign_up(&self, network: &str, at: Timestamp) -> Result<(), RateLimited> {
        Buckets::acquire(&self.sign_ups, &SIGN_UPS, network, at)
    }
}

impl Buckets {
    fn acquire(buckets: &Mutex<Self>, quota: &Quota, network: &str, at: Timestamp) -> Result<(), RateLimited> {
        let mut buckets = buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let found = buckets.recent.get(network).or_else(|| buckets.older.get(network));
        let next = quota.acquire(found.copied().unwrap_or(at), at)?;
        buckets.recent.insert(network.to_owned(), next);
        if buckets.recent.len() >= CAPACITY {
            buckets.older = mem::take(&mut buckets.recent);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn each_network_has_its_own_quota() {
        let (limiter, now) = (IpLimiter::default(), DateTime::UNIX_EPOCH);
        for _ in 0..300 {
            limiter.attempt("192.0.2.1", now).expect("quota left");
        }
        let RateLimited { retry_after } = limiter.attempt("192.0.2.1", now).expect_err("used up");
        assert_eq!(retry_after, TimeDelta::seconds(3));
        assert!(limiter.attempt("192.0.2.2", now).is_ok());
        assert!(limiter.attempt("192.0.2.1", now + retry_after).is_ok());
    }

    #[test]
    fn many_networks_use_bounded_memory_and_hide_no_network() {
        let (limiter, now) = (IpLimiter::default(), DateTime::UNIX_EPOCH);
        for _ in 0..300 {
            limiter.attempt("192.0.2.1", now).expect("quota left");
        }
        for n in 0..CAPACITY {
            limiter.attempt(&n.to_string(), now).expect("quota left");
        }
        assert!(limiter.attempt("192.0.2.1", now).is_err(), "still tracked");
        for n in 0..3 * CAPACITY {
            limiter.attempt(&n.to_string(), now).expect("quota left");
        }
        let buckets = limiter.attempts.lock().expect("not poisoned");
        assert!(buckets.recent.len() + buckets.older.len() <= 2 * CAPACITY);
    }
}
