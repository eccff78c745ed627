//! Middleware.

mod authentication;
mod cors;
mod headers;
mod request_context;
mod request_id;

pub(crate) use authentication::{authenticate, authentication, is_current_user_route};
pub(crate) use cors::cors;
pub(crate) use request_context::request_context;
