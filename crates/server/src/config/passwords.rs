//! Settings of passwords and their hashing.

use super::reader::Reader;

/// The cost below which a warning is reported, because stolen hashes are too fast to crack.
const MIN_SAFE_COST: u32 = 10;

/// Settings of passwords.
#[derive(Debug, Clone)]
pub struct Passwords {
    /// The minimum length of a new password, in code points.
    pub min_length: usize,
    /// The minimum zxcvbn score of a new password, from 0 to 4.
    pub min_score: u8,
    /// The bcrypt cost: the binary logarithm of the number of rounds.
    pub bcrypt_cost: u32,
}

impl Passwords {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let min_length = reader.number("VESTIBULE_PASSWORD_MIN_LENGTH", 8, 8..=64);
        let min_score = reader.number("VESTIBULE_PASSWORD_MIN_SCORE", 0, 0..=4);
        let cost = reader.number("VESTIBULE_BCRYPT_COST", 12, 4..=16);
        let bcrypt_cost = u32::try_from(cost).unwrap_or(u32::MAX);
        if bcrypt_cost < MIN_SAFE_COST {
            reader.warn(format!(
                "VESTIBULE_BCRYPT_COST={cost} makes stolen password hashes fast to crack; use it only for tests"
            ));
        }
        Self {
            min_length,
            min_score: u8::try_from(min_score).unwrap_or(u8::MAX),
            bcrypt_cost,
        }
    }
}
