//! Mail: what has to be sent, and the sending of it.
//!
//! A use case that has something to tell puts a mail into the outbox, in the transaction of the change
//! itself. [`deliver`] sends what is there, so that nothing is lost and no request waits for a mail server.
//! The outbox holds no secret: a link's token is derived again when its mail is sent.

mod deliver;
mod manage;
mod model;
mod outbox;
mod repo;
mod transport;

pub use deliver::{Delivered, deliver};
pub use manage::{count, list, retry, send_test};
pub use model::{ListedMail, Mail, MailCount, MailKind};
pub(crate) use outbox::{admit_mail, mail_to, notice};
pub use repo::MailRepo;
pub use transport::{Letter, Mailer, SendError};
