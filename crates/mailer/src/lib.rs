//! Sends mail: what the letters say, and the ways by which they go.

mod address;
mod ehlo;
mod failure;
mod letter;
mod message;
mod patience;
mod pool;
mod post;
mod sender;
mod smtp;
mod smtp_url;
mod tls;
mod url;

pub use ehlo::{EhloName, ParseEhloNameError};
pub use post::{Post, PostError, PostSettings};
pub use sender::{ParseSenderError, Sender};
pub use smtp_url::{ParseSmtpUrlError, SmtpUrl, TlsMode};
pub use tls::{CaCertificates, ParseCaError};
pub use url::{MailUrl, ParseMailUrlError};
