//! Sends mail: what the letters say, and the ways by which they go.

mod letter;
mod post;
mod sender;
mod url;

pub use post::{Post, PostError, PostSettings};
pub use sender::{ParseSenderError, Sender};
pub use url::{MailUrl, ParseMailUrlError};
