//! What handlers take out of requests.
//!
//! actix asks all extractors of a handler at once and answers with the first refusal. Those that need
//! no waiting refuse in the order in which the handler names them, so who asks comes first and the body
//! last.

mod body;
mod caller;
mod forwarded;
mod idempotent;
mod if_match;
mod json;
mod origin;
mod path;
mod query;
mod right;

pub(crate) use body::{BodyLimit, Form};
pub(crate) use caller::{All, Auth, MaybeAuth, OrSelf, Outcome, SignedIn, bearer};
pub(crate) use idempotent::{Idempotent, Key};
pub(crate) use if_match::Expected;
pub(crate) use json::{Json, OptionalJson};
pub(crate) use origin::{Client, NotRateLimited, RequestId};
pub(crate) use path::PathId;
pub(crate) use query::{DenyQuery, Query};
pub(crate) use right::{
    AuditRead, RolesAssign, RolesRead, RolesWrite, SessionsRead, SessionsRevoke, UsersDelete, UsersRead, UsersWrite,
};
