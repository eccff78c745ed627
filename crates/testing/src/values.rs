//! Values for tests that need many different ones.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Returns a number that no other call in this process returns, larger than those that tests choose themselves.
#[must_use]
pub fn unique_number() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(100_000);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Returns a date, such as `2026-11-24`. A larger number gives a later date, up to 3,000,000.
#[must_use]
pub fn date(number: usize) -> String {
    let (months, day) = (number / 28, number % 28 + 1);
    format!("{:04}-{:02}-{day:02}", 1000 + months / 12, months % 12 + 1)
}
