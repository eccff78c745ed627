//! Partial updates of optional values.

/// A change of an optional value, as in a JSON merge patch (RFC 7396): absent, `null` or a new value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// Leaves the value unchanged.
    #[default]
    Absent,
    /// Removes the value.
    Null,
    /// Replaces the value.
    Value(T),
}

impl<T> Patch<T> {
    /// Applies the change to the current value.
    #[must_use]
    pub fn apply(self, current: Option<T>) -> Option<T> {
        match self {
            Self::Absent => current,
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }

    /// Converts the new value, if there is one.
    ///
    /// # Errors
    /// The error of the conversion.
    pub fn try_map<U, E>(self, convert: impl FnOnce(T) -> Result<U, E>) -> Result<Patch<U>, E> {
        Ok(match self {
            Self::Absent => Patch::Absent,
            Self::Null => Patch::Null,
            Self::Value(value) => Patch::Value(convert(value)?),
        })
    }
}

impl<T> From<Option<Option<T>>> for Patch<T> {
    /// Converts `None` to absent and `Some(None)` to `null`.
    fn from(nested: Option<Option<T>>) -> Self {
        nested.map_or(Self::Absent, |value| value.map_or(Self::Null, Self::Value))
    }
}
