//! A cache of lists whose length exceeds the bound of counting.
//!
//! Counting up to the bound costs more than reading a page. A list that long does not become short within
//! seconds, so the result is reused for a while.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The time after which a list is counted again.
const TTL: Duration = Duration::from_secs(10);

/// The maximum number of lists in the cache. Each search is a separate list.
const CAPACITY: usize = 1_000;

/// The time at which each long list was counted, by a key that identifies the list.
#[derive(Debug, Default)]
pub(crate) struct CountCache(Mutex<HashMap<String, Instant>>);

impl CountCache {
    /// Returns whether a recent count of the list exceeded the bound.
    pub(crate) fn has(&self, list: &str) -> bool {
        let lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lists.get(list).is_some_and(|counted_at| counted_at.elapsed() < TTL)
    }

    /// Adds a list whose count exceeded the bound, if there is space.
    pub(crate) fn add(&self, list: String) {
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lists.len() >= CAPACITY {
            lists.retain(|_, counted_at| counted_at.elapsed() < TTL);
        }
        if lists.len() < CAPACITY {
            lists.insert(list, Instant::now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn add_beyond_capacity_is_ignored() {
        let lists = CountCache::default();
        assert!(!lists.has("a"));
        for n in 0..=CAPACITY {
            lists.add(n.to_string());
        }
        assert!(lists.has("0") && lists.has(&(CAPACITY - 1).to_string()));
        assert!(!lists.has(&CAPACITY.to_string()));
    }
}
