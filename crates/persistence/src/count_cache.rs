//! Lists that are longer than anybody counts.
//!
//! To find again and again that a list has more rows than counting goes to costs more than a page of it.
//! Such a list does not become short in a moment: for some seconds the answer holds.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How long a list is believed to be long.
const FRESH: Duration = Duration::from_secs(10);

/// How many lists are remembered: each search is one of its own.
const CAPACITY: usize = 1_000;

/// Lists that were long a moment ago, by whatever tells them apart.
#[derive(Debug, Default)]
pub(crate) struct CountCache(Mutex<HashMap<String, Instant>>);

impl CountCache {
    /// Whether a list was long a moment ago.
    pub(crate) fn has(&self, list: &str) -> bool {
        let lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lists.get(list).is_some_and(|counted| counted.elapsed() < FRESH)
    }

    /// Remembers that a list is long.
    pub(crate) fn add(&self, list: String) {
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lists.len() >= CAPACITY {
            lists.retain(|_, counted| counted.elapsed() < FRESH);
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
    fn there_is_room_for_so_many_and_no_more() {
        let lists = CountCache::default();
        assert!(!lists.has("a"));
        for n in 0..=CAPACITY {
            lists.add(n.to_string());
        }
        assert!(lists.has("0") && lists.has(&(CAPACITY - 1).to_string()));
        assert!(!lists.has(&CAPACITY.to_string()));
    }
}
