//! The installation itself: its setup, by which it gets its first administrator, and the key that it
//! knows its server by.

mod error;
mod key;
mod model;
mod repo;
mod restore;
mod setup;
mod token;

pub use error::SetupError;
pub use key::{KeyCheck, adopt_key, check_key, compare_key};
pub use model::{Installation, KeyFingerprint};
pub use repo::InstallationRepo;
pub use restore::{Revoked, complete_restore};
pub(crate) use setup::close_setup_with;
pub use setup::{FirstAdministrator, is_setup_open, set_up, set_up_with_token, setup_token};
pub use token::SetupToken;
