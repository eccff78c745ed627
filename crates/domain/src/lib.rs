//! The rules of Vestibule: users, roles, credentials and sessions, with no framework in sight.
//!
//! A use case is a free function named by its verb and called through its module, such as
//! [`session::sign_in`] or [`role::create`]. It takes the [`App`], which holds the store and the
//! outside world behind ports, and, where rights matter, the [`Actor`] who asks.
//!
//! Values such as [`user::EmailAddress`] or [`credential::Password`] are valid once they exist:
//! they are parsed at the border, and the refusal says which rule was broken.

mod actor;
mod app;
mod clock;
mod entropy;
mod id;
mod keyed;
mod origin;
mod page;
mod permission;
mod policy;
mod purge;
mod secret;
mod store;
mod text;
mod version;

pub mod audit;
pub mod credential;
pub mod idempotency;
pub mod installation;
pub mod mail;
pub mod role;
pub mod session;
pub mod throttle;
pub mod user;
pub mod verification;

pub use actor::{Actor, Denied};
pub use app::{App, BoxError, BoxFuture};
pub use clock::{Clock, SystemClock, Timestamp, to_microseconds};
pub use entropy::Entropy;
pub use id::{Id, ParseIdError};
pub use keyed::{Keyed, Purpose};
pub use origin::Origin;
pub use page::{Limit, Listed, Page, Total};
pub use permission::{ParsePermissionError, Permission, Permissions};
pub use policy::{Policy, SignUp};
pub use secret::Secret;
pub use store::{Commit, Repos, Store, StoreError, StoreResult, UniqueKey};
pub use text::{TextError, fold};
pub use version::{IfMatch, Stale, Version};
