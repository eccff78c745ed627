//! The HTTP API: handlers, the errors they answer with and the document that describes them.
//!
//! A handler parses, calls one use case of the domain and renders what it gives. Who asks is settled
//! before anything is said about the request.

mod about;
mod answer;
mod attempt;
mod audit;
mod auth;
mod extract;
mod fallback;
mod fields;
mod head_timeout;
mod log_limit;
mod methods;
mod middleware;
mod once;
mod openapi;
mod page;
mod problem;
mod role;
mod routes;
mod server;
mod service;
mod setup;
mod state;
mod user;
mod web_app;

pub use openapi::openapi_json;
pub use server::{Parts, run};
pub use setup::setup_path;
pub use state::{Answered, App, HttpSettings, Observer, Readiness, WebApp, WebFile};
