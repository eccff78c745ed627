//! Identifiers: one type for each resource.

use std::{cmp::Ordering, fmt, hash, marker::PhantomData, str::FromStr};

use uuid::Uuid;

/// The identifier of a `T`: a version 7 UUID (RFC 9562), written lower-case with hyphens.
///
/// `Id<User>` and `Id<Role>` are different types, so that they cannot be confused.
pub struct Id<T>(Uuid, PhantomData<fn() -> T>);

/// The text is not a UUID in its lower-case, hyphenated form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a lower-case, hyphenated UUID")]
pub struct ParseIdError;

/// A kind of resource that has identifiers.
pub trait Kind {
    /// The name of the kind in audit events and, with `_not_found`, in problem codes, such as `user`. It never changes.
    const KIND: &'static str;
}

impl<T> Id<T> {
    /// Creates an identifier from a UUID that is known to identify a `T`, such as one read from its table.
    #[must_use]
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// Returns the UUID, for storing it.
    #[must_use]
    pub const fn as_uuid(&self) -> Uuid {
        self.0
    }
}

impl<T> FromStr for Id<T> {
    type Err = ParseIdError;

    /// Parses the canonical spelling only. `Uuid` itself would also accept braces, `urn:uuid:` and upper case.
    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let uuid = Uuid::parse_str(text).map_err(|_| ParseIdError)?;
        let mut canonical = Uuid::encode_buffer();
        if uuid.hyphenated().encode_lower(&mut canonical) == text {
            Ok(Self::from_uuid(uuid))
        } else {
            Err(ParseIdError)
        }
    }
}

impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

// Derived implementations would require the same traits of `T`, which is only a marker here.
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<T> hash::Hash for Id<T> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Resource;

    #[test]
    fn non_canonical_uuids_are_rejected() {
        let canonical = "01933b1e-7c00-7000-8000-000000000000";
        assert_eq!(
            canonical.parse::<Id<Resource>>().map(|id| id.to_string()),
            Ok(canonical.to_owned())
        );
        for other in [
            "01933B1E-7C00-7000-8000-000000000000",
            "01933b1e7c0070008000000000000000",
            "{01933b1e-7c00-7000-8000-000000000000}",
            "urn:uuid:01933b1e-7c00-7000-8000-000000000000",
            "01933b1e-7c00-7000-8000-00000000000",
            "",
            "1",
        ] {
            assert_eq!(other.parse::<Id<Resource>>(), Err(ParseIdError), "{other}");
        }
    }
}
