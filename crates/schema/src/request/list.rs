//! Requests for pages of lists.

use deserr::Deserr;
use utoipa::IntoParams;

use super::errors::RequestErrors;

/// The filters and the order of a list, as query parameters.
pub trait ListQuery: Deserr<RequestErrors> {
    /// The criteria; `()` if there are none.
    type Filter;
    /// The order; `()` if there is only one.
    type Order;
    /// The position in the list, which cursors contain.
    type Position;

    /// Returns the criteria and the order.
    fn into_criteria(self) -> (Self::Filter, Self::Order);
}

/// The page of a list. These parameters complement those of a [`ListQuery`].
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// The maximum number of rows of a page, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200, example = 50)]
    pub limit: Option<u32>,
    /// The position of the page, from the `Link` header of the previous page.
    #[param(min_length = 1)]
    pub cursor: Option<String>,
}
