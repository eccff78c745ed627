//! Sending the emails in the outbox.
//!
//! A use case adds an email in the transaction of its change; [`deliver`] sends it. No committed email is lost, and no
//! request waits for a mail server. The outbox holds no secrets: the token of a link is derived when its email is sent.

mod delivery;
mod manage;
mod relay;

pub use delivery::{Attempt, DeliveryReport, Lane, Outcome, attempt, claim_next, deliver, settle};
pub use manage::{count, list, purge_dead_letters, purge_expired, retry_now, send_test};
pub use relay::{Admission, Relay, RelayEvent};
