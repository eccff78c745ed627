//! Email rendering and delivery: to a mail server, to files, or to the log.

mod acceptance_timeout;
mod address;
mod connection_pool;
mod ehlo_name;
mod email;
mod mail_url;
mod mailer;
mod sender;
mod smtp;
mod smtp_error;
mod smtp_url;
mod tls;

pub use ehlo_name::{EhloName, ParseEhloNameError};
pub use mail_url::{MailUrl, ParseMailUrlError};
pub use mailer::{LettreMailer, MailerError, MailerSettings};
pub use sender::{ParseSenderError, Sender};
pub use smtp_url::{ParseSmtpUrlError, SmtpUrl, TlsMode};
pub use tls::{CaCertificates, ParseCaError};
