//! Passwords and how they are hashed.

use super::reader::Reader;

/// Below this cost a stolen database gives up its passwords too quickly.
const ADVISED_COST: u32 = 10;

/// The settings of passwords.
#[derive(Debug, Clone)]
pub struct Passwords {
    /// The least number of code points of a new password.
    pub min_length: usize,
    /// How hard to guess a new password must be.
    pub min_score: u8,
    /// The cost of bcrypt: the logarithm of the number of its rounds.
    pub bcrypt_cost: u32,
}

impl Passwords {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let min_length = reader.number("VESTIBULE_PASSWORD_MIN_LENGTH", 8, 8..=64);
        let min_score = reader.number("VESTIBULE_PASSWORD_MIN_SCORE", 0, 0..=4);
        let cost = reader.number("VESTIBULE_BCRYPT_COST", 12, 4..=16);
        let bcrypt_cost = u32::try_from(cost).unwrap_or(u32::MAX);
        if bcrypt_cost < ADVISED_COST {
            reader.warn(format!(
                "VESTIBULE_BCRYPT_COST={cost} makes stolen password hashes cheap to crack: for tests only, never for people's passwords"
            ));
        }
        Self {
            min_length,
            min_score: u8::try_from(min_score).unwrap_or(u8::MAX),
            bcrypt_cost,
        }
    }
}
