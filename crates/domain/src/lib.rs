//! The rules of Vestibule: users, roles, credentials and sessions, independent of any framework.
//!
//! - [`model`]: values, which are valid once they exist. They are parsed at the boundary, and the error names the
//!   violated rule.
//! - [`ports`]: traits for the outside world, such as the database, the clock and the mail server.
//! - [`services`]: shared steps of use cases, such as recording an audit event.
//! - [`features`]: the use cases, one module for each feature.
//!
//! A layer imports only the layers above it in this list, and features do not import each other.
//!
//! A use case is a free function called through its feature, such as [`sign_in::sign_in`] or [`roles::create`]. It
//! takes the [`App`], which holds the ports, and, where permissions matter, the [`Actor`]. It owns its transaction.

pub mod features;
pub mod model;
pub mod ports;
pub mod services;

pub use features::*;
pub use model::*;
pub use ports::*;
pub use services::{
    App,
    challenges::{self, CHALLENGE_TTL},
    error::{DeleteAccountError, EmailTaken, Error, InUse, LastAdmin, Taken, UnknownRole, UseCaseError},
    factors::{FactorProof, PasskeysUnavailable},
    idempotency,
    ip_limiter::IpLimiter,
    one_time_tokens, passwords, rate_limit,
    session_limit::MAX_LIVE_SESSIONS,
};
