//! Passwords: what may be chosen, how they are kept and changed.

mod attempt;
mod change;
mod choose;
mod common;
mod confirm;
mod error;
mod hasher;
mod meter;
mod password;
mod refusal;
mod repo;
mod set;

pub use attempt::{PasswordAttempt, WaitingClient};
pub use change::{ChangePassword, change};
pub use choose::choose;
pub(crate) use confirm::{confirm, confirm_of};
pub use error::CredentialError;
pub use hasher::{HashError, PasswordHasher, Verdict};
pub use meter::{PasswordMeter, Strength};
pub use password::{Password, PasswordError, PasswordHash, StoredPassword};
pub(crate) use refusal::{Reason, note_refusal};
pub use repo::CredentialRepo;
pub use set::set;
