//! Versions of editable resources, which prevent lost updates.

/// The version of a user or a role, raised by one with every change that it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version(u32);

impl Version {
    /// The version of what was just created.
    pub const FIRST: Self = Self(1);

    /// The version with this number.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The version after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// What the caller believes the version to be (RFC 9110, section 13.1.1).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum IfMatch {
    /// Nothing was said: change it whatever its version is.
    #[default]
    Unconditional,
    /// `*`: change it if it exists.
    Exists,
    /// Change it if it is at one of these versions.
    OneOf(Vec<Version>),
}

/// It was changed since the caller read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("changed in the meantime")]
pub struct Stale;

impl IfMatch {
    /// Checks the current version against the expectation.
    ///
    /// # Errors
    /// [`Stale`] when the current version is not among the expected ones.
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
