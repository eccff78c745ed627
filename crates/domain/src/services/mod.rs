//! Steps that use cases share.

pub(crate) mod account_deletion;
pub(crate) mod accounts;
mod app;
pub(crate) mod audit;
pub mod error;
pub mod idempotency;
pub mod ip_limiter;
pub mod one_time_tokens;
pub(crate) mod outbox;
pub mod passwords;
pub(crate) mod purge;
pub mod rate_limit;
pub mod session_limit;
pub(crate) mod tokens;

pub use app::App;
