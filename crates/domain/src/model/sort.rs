//! Sorted lists, and the positions in them.

use crate::model::{Id, TextError, fold};

/// The order of a list: by a column, and by the identifier where the column has equal values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order<C> {
    /// The column.
    pub column: C,
    /// True if the order is descending.
    pub descending: bool,
}

impl<C> Order<C> {
    /// Returns the ascending order of a column.
    #[must_use]
    pub const fn ascending(column: C) -> Self {
        let descending = false;
        Self { column, descending }
    }

    /// Returns the descending order of a column.
    #[must_use]
    pub const fn descending(column: C) -> Self {
        let descending = true;
        Self { column, descending }
    }

    /// Converts the column.
    pub fn map<D>(self, convert: impl FnOnce(C) -> D) -> Order<D> {
        let Self { column, descending } = self;
        Order {
            column: convert(column),
            descending,
        }
    }

    /// Parses the name of a column, which a `-` in front makes descending.
    #[must_use]
    pub fn from_name(name: &str, column: impl FnOnce(&str) -> Option<C>) -> Option<Self> {
        match name.strip_prefix('-') {
            Some(name) => column(name).map(Self::descending),
            None => column(name).map(Self::ascending),
        }
    }
}

/// The position of a row in a sorted list, after which the next page starts.
#[derive(Debug)]
pub struct Position<T> {
    /// The value of the column that the list is sorted by, as text; empty if the list is sorted by identifier alone.
    pub key: String,
    /// The identifier of the row.
    pub id: Id<T>,
}

// Derived implementations would require the same traits of `T`, which is only a marker here.
impl<T> Clone for Position<T> {
    fn clone(&self) -> Self {
        let key = self.key.clone();
        Self { key, id: self.id }
    }
}

impl<T> PartialEq for Position<T> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.id == other.id
    }
}

impl<T> Eq for Position<T> {}

/// The folded text of a search. It matches any part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchText(String);

impl SearchText {
    /// The maximum number of code points of a search.
    pub const MAX_LENGTH: usize = 100;

    /// Folds the typed text. Blank text matches everything.
    ///
    /// # Errors
    /// [`TextError::TooLong`].
    pub fn parse(text: &str) -> Result<Self, TextError> {
        if text.chars().nth(Self::MAX_LENGTH).is_some() {
            return Err(TextError::TooLong(Self::MAX_LENGTH));
        }
        Ok(Self(fold(text.trim())))
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the text in which a resource with these texts is found.
    #[must_use]
    pub fn of(texts: &[&str]) -> String {
        fold(&texts.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_a_column_with_an_optional_minus() {
        let column = |name: &str| (name == "name").then_some('n');
        assert_eq!(Order::from_name("name", column), Some(Order::ascending('n')));
        assert_eq!(Order::from_name("-name", column), Some(Order::descending('n')));
        for name in ["", "-", "--name", "other", "Name"] {
            assert_eq!(Order::from_name(name, column), None, "{name}");
        }
    }

    #[test]
    fn search_text_is_folded() {
        let search = SearchText::parse(" ＡＤＡ ").expect("short");
        assert!(SearchText::of(&["x", "Ada Lovelace"]).contains(search.as_str()));
        assert_eq!(SearchText::parse(" \t").expect("short").as_str(), "");
        assert_eq!(SearchText::parse(&"a".repeat(101)), Err(TextError::TooLong(100)));
    }
}
