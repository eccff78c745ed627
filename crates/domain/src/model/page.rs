//! Pages of lists.

use std::num::NonZeroU32;

/// A request for one page of a list, with criteria `F`, order `O` and position `P`. A list without criteria or with
/// only one order has `()`.
#[derive(Debug, Clone)]
pub struct ListRequest<F, O, P> {
    /// The criteria.
    pub filter: F,
    /// The order.
    pub order: O,
    /// The position after which the page starts; `None` for the first page.
    pub after: Option<P>,
    /// The maximum number of rows.
    pub limit: Limit,
}

// A derived implementation would require a default position.
impl<F: Default, O: Default, P> Default for ListRequest<F, O, P> {
    fn default() -> Self {
        Self {
            filter: F::default(),
            order: O::default(),
            after: None,
            limit: Limit::default(),
        }
    }
}

/// The maximum number of rows of a page: 1 to 200.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u32);

impl Limit {
    /// The number of rows of the largest page.
    pub const MAX: u32 = 200;

    /// The limit of the largest page.
    pub const LARGEST: Self = Self(Self::MAX);

    /// Creates a limit. Returns `None` unless it is between 1 and [`Limit::MAX`].
    #[must_use]
    pub const fn new(rows: u32) -> Option<Self> {
        if rows >= 1 && rows <= Self::MAX {
            Some(Self(rows))
        } else {
            None
        }
    }

    /// Returns the number of rows.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

/// A row of a list, as read from the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T, P> {
    /// The position of the row, after which a page can start.
    pub position: P,
    /// The row; `None` if it cannot be read. Lists skip such rows.
    pub row: Option<T>,
}

/// One page of a list. `P` is the position after which the next page starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T, P> {
    /// The rows, at most as many as requested.
    pub rows: Vec<T>,
    /// The position of the last row; `None` on the last page.
    pub next: Option<P>,
    /// The number of rows of the whole list, which is counted for the first page only.
    pub total: Option<Total>,
}

impl<T, P> Page<T, P> {
    /// Creates a page from rows that were read with one row more than `limit`. The surplus row shows that there is a
    /// next page and is dropped. Rows that cannot be read are skipped, but count towards the limit.
    #[must_use]
    pub fn new(mut listed: Vec<Listed<T, P>>, limit: Limit, total: Option<Total>) -> Self {
        let max = limit.get() as usize;
        let has_next = listed.len() > max;
        listed.truncate(max);
        let (mut rows, mut next) = (Vec::with_capacity(listed.len()), None);
        for Listed { position, row } in listed {
            rows.extend(row);
            next = Some(position);
        }
        let next = next.filter(|_| has_next);
        Self { rows, next, total }
    }
}

/// The number of rows of a list, counted up to a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// The exact number of rows.
    Exact(u64),
    /// A lower bound: counting stopped here, and there are more rows.
    AtLeast(u64),
}

impl Total {
    /// Returns the total for a count that stopped after `bound + 1` rows.
    #[must_use]
    pub fn bounded(counted: u64, bound: NonZeroU32) -> Self {
        let bound = u64::from(bound.get());
        if counted > bound {
            Self::AtLeast(bound)
        } else {
            Self::Exact(counted)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_with_surplus_row_has_next_position() {
        let limit = Limit::new(2).expect("in range");
        let page = Page::new([1, 2, 3].map(readable).into(), limit, None);
        assert_eq!((page.rows, page.next), (vec![1, 2], Some(2)));
        let page = Page::new([1, 2].map(readable).into(), limit, None);
        assert_eq!((page.rows, page.next), (vec![1, 2], None));
    }

    #[test]
    fn page_skips_unreadable_rows_but_uses_their_positions() {
        let limit = Limit::new(2).expect("in range");
        let unreadable = |position| Listed { position, row: None };
        let page = Page::new(vec![readable(1), unreadable(2), readable(3)], limit, None);
        assert_eq!((page.rows, page.next), (vec![1], Some(2)));
        let page = Page::new(vec![unreadable(1), unreadable(2), unreadable(3)], limit, None);
        assert_eq!((page.rows, page.next), (vec![], Some(2)));
        let page = Page::new(vec![readable(1), unreadable(2)], limit, None);
        assert_eq!((page.rows, page.next), (vec![1], None));
    }

    fn readable(number: i32) -> Listed<i32, i32> {
        Listed {
            position: number,
            row: Some(number),
        }
    }

    #[test]
    fn total_beyond_bound_is_lower_bound() {
        let bound = NonZeroU32::new(10).expect("not zero");
        assert_eq!(Total::bounded(10, bound), Total::Exact(10));
        assert_eq!(Total::bounded(11, bound), Total::AtLeast(10));
    }

    #[test]
    fn limit_is_between_1_and_200() {
        assert_eq!(
            [0, 1, 200, 201].map(|n| Limit::new(n).is_some()),
            [false, true, true, false]
        );
    }
}
