//! Rules for numbers.

use rust_decimal::Decimal;

/// The largest integer that every JSON reader represents exactly: 2^53 - 1 (RFC 8259, section 6).
pub const MAX_INTEGER: i64 = (1 << 53) - 1;

/// The maximum number of digits of a decimal.
pub const DECIMAL_DIGITS: u32 = 15;

/// The maximum number of digits of a decimal after the point.
pub const DECIMAL_SCALE: u32 = 4;

/// The number is not acceptable. The messages follow the name of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// It is not written as a decimal.
    #[error("must be a decimal such as 12.50")]
    Malformed,
    /// It is too small or too large.
    #[error("must be between {min} and {max}")]
    OutOfRange {
        /// The smallest number.
        min: i64,
        /// The largest number.
        max: i64,
    },
    /// It has too many digits after the point.
    #[error("must have at most {DECIMAL_SCALE} digits after the point")]
    TooPrecise,
}

/// An integer that every JSON reader represents exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Integer(i64);

impl Integer {
    /// Checks that an integer is in range.
    ///
    /// # Errors
    /// [`NumberError::OutOfRange`].
    pub const fn new(number: i64) -> Result<Self, NumberError> {
        let (min, max) = (-MAX_INTEGER, MAX_INTEGER);
        if number >= min && number <= max {
            Ok(Self(number))
        } else {
            Err(NumberError::OutOfRange { min, max })
        }
    }

    /// Creates an integer from a number that was checked before it was stored.
    #[must_use]
    pub const fn new_unchecked(number: i64) -> Self {
        Self(number)
    }

    /// Returns the number.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// Parses a decimal of at most 11 digits before the point and 4 after it. Both databases store such a number exactly.
///
/// # Errors
/// [`NumberError`].
pub fn decimal(text: &str) -> Result<Decimal, NumberError> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) {
        return Err(NumberError::Malformed);
    }
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    if fraction.len() > DECIMAL_SCALE as usize {
        return Err(NumberError::TooPrecise);
    }
    let max = 10_i64.pow(DECIMAL_DIGITS - DECIMAL_SCALE) - 1;
    if whole.len() > (DECIMAL_DIGITS - DECIMAL_SCALE) as usize {
        return Err(NumberError::OutOfRange { min: -max, max });
    }
    let sign = if digits.len() < text.len() { "-" } else { "" };
    let number: Decimal = format!("{sign}0{whole}.{fraction}0")
        .parse()
        .map_err(|_| NumberError::Malformed)?;
    Ok(number.normalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_has_at_most_four_digits_after_the_point() {
        for (text, expected) in [
            ("12.50", "12.5"),
            ("-0.0001", "-0.0001"),
            ("007", "7"),
            ("-0", "0"),
            ("99999999999.9999", "99999999999.9999"),
            ("1.50000", "1.5"),
        ] {
            assert_eq!(
                decimal(text).map(|number| number.to_string()),
                Ok(expected.to_owned()),
                "{text}"
            );
        }
        for text in ["", ".5", "5.", "1e3", "+1", "1,5", " 1", "0x1", "NaN", "--1"] {
            assert_eq!(decimal(text), Err(NumberError::Malformed), "{text}");
        }
        assert_eq!(decimal("0.00001"), Err(NumberError::TooPrecise));
        let max = 99_999_999_999;
        assert_eq!(
            decimal("-100000000000"),
            Err(NumberError::OutOfRange { min: -max, max })
        );
    }

    #[test]
    fn integer_is_exact_in_every_json_reader() {
        assert_eq!(Integer::new(MAX_INTEGER).map(Integer::get), Ok(MAX_INTEGER));
        assert!(Integer::new(MAX_INTEGER + 1).is_err() && Integer::new(i64::MIN).is_err());
    }
}
