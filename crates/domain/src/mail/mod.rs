//! Mail: what has to be sent, and the sending of it.
//!
//! A use case that has something to tell puts a mail into the outbox, in the transaction of the change
//! itself. [`deliver`] sends what is there, so that nothing is lost and no request waits for a mail server.
//! The outbox holds no secret: a link's token is derived again when its mail is sent.

mod deliver;
mod manage;
mod model;
mod outbox;
mod relay;
mod repo;
mod transport;

pub use deliver::{Attempt, Delivered, Lane, Outcome, attempt, claim_next, deliver, settle};
pub use manage::{count, list, purge_expired, purge_parked, retry, send_test};
pub use model::{ListedMail, Mail, MailCount, MailKind, Priority};
pub(crate) use outbox::{admit_account_mail, admit_email_change, admit_mail, mail_to, notice};
pub use relay::{Admission, Relay, RelayEvent};
pub use repo::MailRepo;
pub use transport::{Letter, Mailer, SendError};
