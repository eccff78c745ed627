//! Items of CBOR (RFC 8949).

/// Returns the head of a map; its keys and values follow.
#[must_use]
pub fn map(length: usize) -> Vec<u8> {
    head(5, length)
}

/// Returns a text.
#[must_use]
pub fn text(value: &str) -> Vec<u8> {
    [head(3, value.len()), value.into()].concat()
}

/// Returns a byte string.
#[must_use]
pub fn bytes(value: &[u8]) -> Vec<u8> {
    [head(2, value.len()), value.to_vec()].concat()
}

/// Returns an integer.
#[must_use]
pub fn integer(value: i16) -> Vec<u8> {
    let magnitude = usize::from(value.unsigned_abs());
    if value < 0 {
        head(1, magnitude - 1)
    } else {
        head(0, magnitude)
    }
}

/// Encodes a major type and its argument (RFC 8949, section 3).
fn head(major: u8, argument: usize) -> Vec<u8> {
    let major = major << 5;
    let argument = u16::try_from(argument).expect("a short value").to_be_bytes();
    match argument {
        [0, low @ ..24] => vec![major + low],
        [0, low] => vec![major + 24, low],
        [high, low] => vec![major + 25, high, low],
    }
}
