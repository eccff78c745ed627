//! Developer tools for migrations: generating them from entities, comparing, checking, linting and printing them.

mod cli;
mod code;
mod command;
mod diff;
mod engine;
mod error;
mod introspect;
mod plan;
mod project;
mod record;
mod scratch;

pub use cli::run;
pub use diff::{Ambiguity, Decisions};
pub use engine::Engine;
pub use error::Error;
pub use introspect::{DatabaseSchema, Difference, differences};
pub use plan::{Plan, blank};
pub use project::{Project, table};
pub use record::record;
pub use scratch::{ScratchDatabase, ScratchHost};
