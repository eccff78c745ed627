//! Requests as types: text is deserialized to domain values in one step, and every mistake is reported at once.
//!
//! A request derives [`Deserr`](deserr::Deserr) with [`RequestErrors`] as its error. Its members are domain types,
//! whose rules are in [`values`]. A member is
//!
//! - required, unless it has `#[deserr(default)]`;
//! - nullable, if it is an `Option` or a `Patch`. A member that may be absent but not `null` has
//!   `#[deserr(default, from(T) = Some)]`.
//!
//! The attribute `#[serde(deny_unknown_fields)]` of requests is for their schema in the OpenAPI document only.

mod errors;
mod json;
mod list;
mod new_password;
mod query;
mod values;

pub use errors::RequestErrors;
pub use json::{BodyError, ParsedBody, RequestBody, parse_body};
pub use list::{ListQuery, PageQuery};
pub use new_password::{SetsPassword, WithNewPassword};
pub use query::{QueryBool, QueryParameters};
pub use values::{parse_text, sort_by, value_of};
