//! The developer's part of migrations.

mod catalogue;
mod cli;
mod code;
mod command;
mod draft;
mod engine;
mod error;
mod plan;
mod project;
mod record;
mod scratch;

pub use catalogue::{Catalogue, Difference, differences};
pub use cli::run;
pub use draft::{Draft, blank};
pub use engine::Engine;
pub use error::Error;
pub use plan::{Answers, Question};
pub use project::{Project, table};
pub use record::record;
pub use scratch::{Place, Scratch};
