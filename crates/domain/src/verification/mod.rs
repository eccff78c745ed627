//! What is shown by a link that went to a mailbox: an address, a change of it, or that somebody may choose
//! another password.
//!
//! Opening a link consumes nothing: what its page posts does.

mod change_email;
mod error;
mod model;
mod repo;
mod request;
mod reset;
mod verify_email;

pub use change_email::{cancel_email_change, confirm_email_change, request_email_change};
pub use error::VerificationError;
pub use model::{LinkToken, OneTimeToken, ParseLinkTokenError, TokenPurpose, purge};
pub use repo::VerificationRepo;
pub(crate) use request::{Link, send_link};
pub use request::{request_reset, resend_verification};
pub use reset::reset_password;
pub use verify_email::{Proof, verify_email};
