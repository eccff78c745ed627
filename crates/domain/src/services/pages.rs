//! Pages of lists with their totals.

use std::{future::Future, num::NonZeroU32};

use crate::{
    model::{ListRequest, Listed, Page, Total},
    ports::StoreResult,
};

/// The number of rows at which counting stops, unless counting is expensive.
pub(crate) const COUNT_BOUND: NonZeroU32 = NonZeroU32::new(10_000).unwrap();

/// Creates a page from its rows, which were read with one row more than the limit. The first page has a total. `count`
/// counts the whole list, up to `bound` and one more; it runs only if the first page is not the whole list.
pub(crate) async fn page<F, O, T, P>(
    list: &ListRequest<F, O, P>,
    rows: Vec<Listed<T, P>>,
    bound: NonZeroU32,
    count: impl Future<Output = StoreResult<u64>>,
) -> StoreResult<Page<T, P>> {
    let total = if list.after.is_some() {
        None
    } else if rows.len() <= list.limit.get() as usize {
        Some(Total::Exact(rows.len() as u64))
    } else {
        Some(Total::bounded(count.await?, bound))
    };
    Ok(Page::new(rows, list.limit, total))
}
