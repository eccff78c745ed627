//! Pages of lists.

use std::num::NonZeroU32;

/// How many rows a page has at most: 1 to 200.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u32);

impl Limit {
    /// The largest page.
    pub const MAX: u32 = 200;

    /// The limit of the largest page.
    pub const LARGEST: Self = Self(Self::MAX);

    /// A limit, if it is between 1 and [`Limit::MAX`].
    #[must_use]
    pub const fn new(rows: u32) -> Option<Self> {
        if rows >= 1 && rows <= Self::MAX {
            Some(Self(rows))
        } else {
            None
        }
    }

    /// The number of rows.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// How many rows a list has whose first page, read with one more row than this limit, is the last
    /// too. `None` when there are more.
    pub(crate) fn total_of_first<T>(self, rows: &[T]) -> Option<Total> {
        (rows.len() <= self.0 as usize).then_some(Total::Exact(rows.len() as u64))
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

/// A row of a list, as the store found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T, P> {
    /// The position of the row: a page can start after it.
    pub position: P,
    /// The row; `None` when it cannot be read. A list leaves out such a row, and goes on behind it.
    pub row: Option<T>,
}

/// One page of a list, in which `P` is a position that the next page starts after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T, P> {
    /// The rows, at most as many as were asked for.
    pub rows: Vec<T>,
    /// The position of the last row; `None` on the last page.
    pub next: Option<P>,
    /// How many rows the whole list has; counted on the first page only.
    pub total: Option<Total>,
}

impl<T, P> Page<T, P> {
    /// Makes a page of rows that were read with one more than `limit`: the surplus row tells that there
    /// is a next page, and is dropped. Rows that cannot be read are left out, but still count for this.
    #[must_use]
    pub fn cut(mut listed: Vec<Listed<T, P>>, limit: Limit, total: Option<Total>) -> Self {
        let wanted = limit.get() as usize;
        let more = listed.len() > wanted;
        listed.truncate(wanted);
        let (mut rows, mut next) = (Vec::with_capacity(listed.len()), None);
        for Listed { position, row } in listed {
            rows.extend(row);
            next = Some(position);
        }
        let next = next.filter(|_| more);
        Self { rows, next, total }
    }
}

/// The number of rows of a list, counted up to a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// There are exactly so many.
    Exact(u64),
    /// The count stopped here; there are more.
    AtLeast(u64),
}

impl Total {
    /// The total for a count that stopped after `bound + 1` rows.
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
    fn a_surplus_row_becomes_the_position_of_the_next_page() {
        let limit = Limit::new(2).expect("in range");
        let page = Page::cut([1, 2, 3].map(readable).into(), limit, None);
        assert_eq!((page.rows, page.next), (vec![1, 2], Some(2)));
        let page = Page::cut([1, 2].map(readable).into(), limit, None);
        assert_eq!((page.rows, page.next), (vec![1, 2], None));
    }

    #[test]
    fn unreadable_rows_are_left_out_but_not_their_positions() {
        let limit = Limit::new(2).expect("in range");
        let unreadable = |position| Listed { position, row: None };
        let page = Page::cut(vec![readable(1), unreadable(2), readable(3)], limit, None);
        assert_eq!((page.rows, page.next), (vec![1], Some(2)));
        let page = Page::cut(vec![unreadable(1), unreadable(2), unreadable(3)], limit, None);
        assert_eq!((page.rows, page.next), (vec![], Some(2)));
        let page = Page::cut(vec![readable(1), unreadable(2)], limit, None);
        assert_eq!((page.rows, page.next), (vec![1], None));
    }

    fn readable(number: i32) -> Listed<i32, i32> {
        Listed {
            position: number,
            row: Some(number),
        }
    }

    #[test]
    fn a_total_beyond_the_bound_is_a_lower_one() {
        let bound = NonZeroU32::new(10).expect("not zero");
        assert_eq!(Total::bounded(10, bound), Total::Exact(10));
        assert_eq!(Total::bounded(11, bound), Total::AtLeast(10));
    }

    #[test]
    fn a_limit_is_between_1_and_200() {
        assert_eq!(
            [0, 1, 200, 201].map(|n| Limit::new(n).is_some()),
            [false, true, true, false]
        );
    }
}
