//! Versions of editable resources, which prevent lost updates.

/// The version of a user or a role. Every visible change increments it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version(u32);

impl Version {
    /// The version of a new resource.
    pub const FIRST: Self = Self(1);

    /// Creates the version with this number.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// Returns its number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Returns the next version.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// The versions that the caller expects (RFC 9110, section 13.1.1).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum IfMatch {
    /// Any version: the caller set no condition.
    #[default]
    Unconditional,
    /// `*`: any version of an existing resource.
    Exists,
    /// One of these versions.
    OneOf(Vec<Version>),
}

/// The resource was changed since the caller read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the resource was changed in the meantime: try again")]
pub struct Stale;

impl IfMatch {
    /// Checks the current version against the expectation.
    ///
    /// # Errors
    /// [`Stale`] if the current version is not one of the expected versions.
    pub fn check(&self, current: Version) -> Result<(), Stale> {
        match self {
            Self::OneOf(versions) if !versions.contains(&current) => Err(Stale),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_list_without_the_current_version_is_stale() {
        let current = Version::new(3);
        assert_eq!(IfMatch::Unconditional.check(current), Ok(()));
        assert_eq!(IfMatch::Exists.check(current), Ok(()));
        assert_eq!(IfMatch::OneOf(vec![Version::new(2), current]).check(current), Ok(()));
        assert_eq!(IfMatch::OneOf(vec![Version::new(2)]).check(current), Err(Stale));
        assert_eq!(IfMatch::OneOf(vec![]).check(current), Err(Stale));
    }
}
