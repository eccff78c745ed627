//! How often passwords may be tried.
//!
//! Networks and devices from which somebody has signed in before have turns of their own, so that an
//! attack from elsewhere never shuts the owner out; all others share the turns of the account, and when
//! these are used up each of them has one a minute.

mod account;
mod networks;
mod purge;
mod repo;
mod rule;

pub(crate) use account::{AdmitError, Turn, admit, waits_until};
pub use networks::Networks;
pub use purge::purge;
pub use repo::{ThrottleRepo, TurnKey};
pub use rule::{Rule, TooMany};
