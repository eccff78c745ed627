//! Errors of the commands.

use std::path::PathBuf;

use sea_orm::DbErr;

use crate::diff::Ambiguity;
use crate::engine::Engine;
use crate::introspect::Difference;

/// The reason why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A database reported an error.
    #[error("{0}")]
    Database(#[from] DbErr),
    /// The differences can be read in several ways, so the developer has to decide.
    #[error("decisions are required; answer with these flags:\n{}", lines(.0))]
    Ambiguous(Vec<Ambiguity>),
    /// The planned changes do not produce the expected schema, which is a bug in this crate.
    #[error("on {engine}, {direction} does not produce the expected schema, so no file was written:\n{}", lines(.differences))]
    VerificationFailed {
        /// The engine.
        engine: Engine,
        /// The part of the migration, such as `` `up` ``, for the message.
        direction: &'static str,
        /// The differences between the actual and the expected schema.
        differences: Vec<Difference>,
    },
    /// A statement failed in the scratch database.
    #[error("on {engine}, {direction} fails, so no file was written: {source}")]
    Failed {
        /// The engine.
        engine: Engine,
        /// The part of the migration, such as `` `up` ``, for the message.
        direction: &'static str,
        /// The error from the database.
        source: DbErr,
    },
    /// A change that cannot be generated.
    #[error("{0}; write this migration manually")]
    Unsupported(String),
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The path of the file.
        path: PathBuf,
        /// The error from the operating system.
        source: std::io::Error,
    },
    /// The command cannot run with these arguments or in this environment.
    #[error("{0}")]
    Usage(String),
}

fn lines(items: &[impl ToString]) -> String {
    let lines: Vec<String> = items.iter().map(|item| format!("  {}", item.to_string())).collect();
    lines.join("\n")
}
