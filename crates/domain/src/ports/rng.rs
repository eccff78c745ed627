//! The port to random numbers.

use uuid::Builder;

use crate::model::{Id, Timestamp};

/// A source of cryptographically secure random bytes.
pub trait Rng: Send + Sync {
    /// Fills `bytes` with random bytes.
    fn fill(&self, bytes: &mut [u8]);
}

impl<T> Id<T> {
    /// Creates an identifier for a resource that is created at this time.
    ///
    /// Identifiers sort by their time of creation to the microsecond: the microseconds within the millisecond are
    /// stored in `rand_a` (RFC 9562, section 6.2, method 3). Lists in the order of creation therefore need no index
    /// besides the primary key.
    pub fn new(at: Timestamp, rng: &dyn Rng) -> Self {
        let micros = u64::try_from(at.timestamp_micros()).unwrap_or(0);
        let fraction = u16::try_from(micros % 1000 * 4096 / 1000).unwrap_or(0);
        let mut random = [0; 10];
        rng.fill(&mut random);
        random[0] = fraction.to_be_bytes()[0];
        random[1] = fraction.to_be_bytes()[1];
        Self::from_uuid(Builder::from_unix_timestamp_millis(micros / 1000, &random).into_uuid())
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;

    struct Zeros;
    impl Rng for Zeros {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    struct Resource;

    #[test]
    fn ids_sort_by_the_microsecond_of_their_creation() {
        let start = DateTime::from_timestamp_micros(1_790_000_000_123_456).expect("in range");
        let ids: Vec<Id<Resource>> = (0..5000)
            .map(|n| Id::new(start + TimeDelta::microseconds(n), &Zeros))
            .collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(ids[0].as_uuid().get_version_num(), 7);
    }
}
