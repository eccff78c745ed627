//! Signing in, refreshing and signing out.

mod error;
mod password;
mod refresh;
mod rotation;
mod sign_out;

pub use error::SignInError;
pub use password::{SignIn, sign_in};
pub use refresh::refresh;
pub use sign_out::{SignOut, sign_out};
