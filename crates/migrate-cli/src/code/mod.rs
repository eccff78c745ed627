//! Code generation: operations as SQL statements and as Rust source, both from one description so that they agree.

mod column;
mod file;
mod ident;
mod per_engine;
mod portable;
mod postgres;
mod steps;
mod table;
mod types;

pub(crate) use file::{Names, migration};
pub(crate) use steps::{SchemaStatement, Step, steps};
