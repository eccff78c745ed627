//! The use cases, one module for each feature.

pub mod account;
pub mod audit;
pub mod authentication;
pub mod email_verification;
pub mod outbox;
pub mod password_reset;
pub mod restore;
pub mod roles;
pub mod secret_key;
pub mod sessions;
pub mod setup;
pub mod sign_in;
pub mod users;
