//! The HTTP API: routes, handlers, error responses and the OpenAPI document.
//!
//! A handler parses the request, calls one use case of the domain and renders the result. Callers are authenticated
//! and authorized before the request is validated, so an error reveals nothing to a caller without permission.

mod account;
mod allowed_methods;
mod audit;
mod cursor;
mod email_verification;
mod extract;
mod factors;
mod fallback;
mod head_timeout;
mod idempotency;
mod log_limit;
mod middleware;
mod new_password;
mod openapi;
mod origin;
mod password_attempt;
mod password_reset;
mod problem;
mod response;
mod roles;
mod routes;
mod server;
mod service;
mod sessions;
mod setup;
mod sign_in;
mod state;
mod users;
mod web_app;

pub use openapi::openapi_json;
pub use server::{ServerDeps, run};
pub use setup::setup_path;
pub use state::{App, HttpSettings, Observer, Readiness, ResponseInfo, WebApp, WebFile};
