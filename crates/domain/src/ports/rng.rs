//! The port to random numbers.

use uuid::Builder;

use crate::model::{Id, Timestamp};

/// A source of random bytes that nobody can predict.
pub trait Rng: Send + Sync {
    /// Fills `bytes` with random ones.
    fn fill(&self, bytes: &mut [u8]);
}

impl<T> Id<T> {
    /// Makes a new identifier that sorts exactly by its time of creation.
    ///
    /// The microseconds within the millisecond go into `rand_a` (RFC 9562, section 6.2, method 3), so
    /// that the primary key serves every list in order of creation and needs no second index.
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

    struct Thing;

    #[test]
    fn ids_sort_by_the_microsecond_of_their_creation() {
        let start = DateTime::from_timestamp_micros(1_790_000_000_123_456).expect("in range");
        let ids: Vec<Id<Thing>> = (0..5000)
            .map(|n| Id::new(start + TimeDelta::microseconds(n), &Zeros))
            .collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(ids[0].as_uuid().get_version_num(), 7);
    }
}
