//! Extractors: typed parts of a request as parameters of handlers.
//!
//! actix polls all extractors of a handler and responds with the first error. Extractors that do not wait fail in the
//! order of the handler's parameters, so handlers name authentication and rate limits first and the body last.

mod auth;
mod body;
mod client;
mod forwarded;
mod idempotency_key;
mod if_match;
mod json;
mod list;
mod path;
mod query;

pub(crate) use auth::{All, Auth, AuthResult, MaybeAuth, OrSelf, SignedIn, bearer};
pub(crate) use body::{BodyLimit, Form};
pub(crate) use client::{Client, NotRateLimited, RequestId};
pub(crate) use idempotency_key::{Idempotent, RequestKey};
pub(crate) use if_match::IfMatch;
pub(crate) use json::{Json, OptionalJson};
pub(crate) use list::List;
pub(crate) use path::PathId;
pub(crate) use query::{DenyQuery, Query};
