//! Cursors: signed positions in lists.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;
use vestibule_domain::{Id, MacKeys, Position, Purpose};
use vestibule_schema::{FieldCode, FieldError};

/// The number of digest bytes in a cursor. It protects a position, not a secret.
const DIGEST_BYTES: usize = 16;

/// A position in a list, as the bytes in a cursor.
pub(crate) trait CursorPosition: Sized {
    /// Encodes the position.
    fn to_bytes(&self) -> Vec<u8>;

    /// Decodes the output of [`CursorPosition::to_bytes`]. The digest of the cursor has been verified.
    fn from_bytes(bytes: &[u8]) -> Option<Self>;
}

impl<T> CursorPosition for Id<T> {
    fn to_bytes(&self) -> Vec<u8> {
        self.as_uuid().as_bytes().to_vec()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self::from_uuid(Uuid::from_slice(bytes).ok()?))
    }
}

impl<T> CursorPosition for Position<T> {
    fn to_bytes(&self) -> Vec<u8> {
        [self.id.as_uuid().as_bytes(), self.key.as_bytes()].concat()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (id, key) = bytes.split_first_chunk::<16>()?;
        Some(Self {
            key: String::from_utf8(key.to_vec()).ok()?,
            id: Id::from_uuid(Uuid::from_bytes(*id)),
        })
    }
}

/// The scope of a cursor: the path of the list, its filters and its order. A cursor is invalid in any other scope.
pub(crate) struct Scope(Vec<String>);

impl Scope {
    /// Creates the scope of a list with these query parameters, which are sorted by name.
    pub(crate) fn new<'a>(path: String, parameters: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let parameters = parameters.flat_map(|(name, value)| [name.to_owned(), value.to_owned()]);
        Self([path].into_iter().chain(parameters).collect())
    }

    /// Creates a cursor for a position.
    pub(crate) fn seal(&self, mac_keys: &dyn MacKeys, position: &impl CursorPosition) -> String {
        let mut bytes = position.to_bytes();
        let digest = mac_keys.sign(Purpose::Cursor, &self.parts(&bytes));
        bytes.extend_from_slice(&digest[..DIGEST_BYTES]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Returns the position in a cursor, or an error if the cursor was not created in this scope.
    pub(crate) fn open<P: CursorPosition>(&self, mac_keys: &dyn MacKeys, cursor: &str) -> Result<P, FieldError> {
        let position = || {
            let mut bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
            let digest = bytes.split_off(bytes.len().checked_sub(DIGEST_BYTES)?);
            let is_genuine = mac_keys.verify(Purpose::Cursor, &self.parts(&bytes), &digest);
            if is_genuine { P::from_bytes(&bytes) } else { None }
        };
        position().ok_or_else(|| {
            FieldError::new(
                FieldCode::InvalidFormat,
                "must be a cursor of this list with the same filters and sort",
            )
        })
    }

    /// Returns the parts that the digest covers.
    fn parts<'a>(&'a self, position: &'a [u8]) -> Vec<&'a [u8]> {
        let scope = self.0.iter().map(String::as_bytes);
        scope.chain([position]).collect()
    }
}

#[cfg(test)]
mod tests {
    use vestibule_domain::UserPosition;
    use vestibule_security::{KeyRing, SecretKey};

    use super::*;

    /// A deterministic random number generator (xorshift).
    struct Rng(u64);

    impl Rng {
        fn below(&mut self, bound: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            usize::try_from(self.0 >> 33).expect("it fits") % bound
        }
    }

    #[test]
    fn forged_cursors_are_rejected() {
        let key = SecretKey::parse("0123456789abcdef0123456789abcdef").expect("strong");
        let mac_keys = KeyRing::from(key).mac_keys();
        let scope = |parameters: &[(&'static str, &'static str)]| {
            Scope::new("/api/users".to_owned(), parameters.iter().copied())
        };
        let filters = [("sort", "email"), ("status", "active")];
        let open = |scope: &Scope, cursor: &str| scope.open::<UserPosition>(&mac_keys, cursor).ok();
        let position = UserPosition {
            key: "ada@example.com".to_owned(),
            id: Id::from_uuid(Uuid::from_u128(7)),
        };
        let valid = scope(&filters).seal(&mac_keys, &position);
        assert_eq!(open(&scope(&filters), &valid), Some(position));
        for other in [
            scope(&filters[..1]),
            scope(&filters[1..]),
            scope(&[("sort", "email"), ("status", "disabled")]),
            scope(&[("sort", "email"), ("status", "active"), ("q", "")]),
            Scope::new("/api/roles".to_owned(), filters.into_iter()),
        ] {
            assert_eq!(open(&other, &valid), None, "{:?}", other.0);
        }

        let scope = scope(&filters);

        let mut rng = Rng(0x9e37_79b9_7f4a_7c15);
        for n in 0..10_000 {
            let mut bytes = URL_SAFE_NO_PAD.decode(&valid).expect("base64url");
            match n % 4 {
                0 => {
                    let index = rng.below(bytes.len());
                    bytes[index] ^= 1 << rng.below(8);
                }
                1 => bytes.truncate(rng.below(bytes.len())),
                2 => bytes.insert(rng.below(bytes.len()), 7),
                _ => bytes = (0..rng.below(200)).map(|_| b'x').collect(),
            }
            let cursor = URL_SAFE_NO_PAD.encode(&bytes);
            assert!(cursor == valid || open(&scope, &cursor).is_none(), "{cursor}");
        }
        for cursor in [
            "",
            "=",
            "\u{0}",
            "a b",
            &format!("{valid}="),
            &format!(" {valid}"),
            &valid.to_uppercase(),
        ] {
            assert_eq!(open(&scope, cursor), None, "{cursor}");
        }
    }

    #[test]
    fn positions_are_decoded_as_encoded() {
        fn decoded<P: CursorPosition>(position: &P) -> Option<P> {
            P::from_bytes(&position.to_bytes())
        }
        let id = Id::<()>::from_uuid(Uuid::from_u128(1 << 100));
        assert_eq!(decoded(&id), Some(id));
        for key in ["", "ada", "\u{e9}"] {
            let position = Position {
                key: key.to_owned(),
                id,
            };
            assert_eq!(decoded(&position), Some(position));
        }
    }
}
