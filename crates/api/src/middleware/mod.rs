//! What happens to every request, or to all of some kind.

mod authentication;
mod cors;
mod envelope;
mod headers;
mod request_id;

pub(crate) use authentication::{authenticate, authentication};
pub(crate) use cors::cors;
pub(crate) use envelope::envelope;
