//! Why a command did not do what it was told.

use std::path::PathBuf;

use sea_orm::DbErr;

use crate::catalogue::Difference;
use crate::engine::Engine;
use crate::plan::Question;

/// Why a command did not do what it was told.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A database refused.
    #[error("{0}")]
    Database(#[from] DbErr),
    /// Something has to be decided first.
    #[error("something has to be decided first:\n{}", lines(.0))]
    Undecided(Vec<Question>),
    /// The changes that were found do not do what they should: a fault of this program.
    #[error("on {engine} the {way} does not come to what it should, so nothing was written:\n{}", lines(.differences))]
    Unproved {
        /// Where.
        engine: Engine,
        /// `up` or `down`.
        way: &'static str,
        /// What is not as it should be.
        differences: Vec<Difference>,
    },
    /// A statement failed in the scratch database.
    #[error("on {engine} the {way} fails, so nothing was written: {source}")]
    Failed {
        /// Where.
        engine: Engine,
        /// `up` or `down`.
        way: &'static str,
        /// What the database said.
        source: DbErr,
    },
    /// A change that has to be written by hand.
    #[error("{0}: write this one by hand")]
    ByHand(String),
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The command makes no sense here.
    #[error("{0}")]
    Usage(String),
}

fn lines(items: &[impl ToString]) -> String {
    let lines: Vec<String> = items.iter().map(|item| format!("  {}", item.to_string())).collect();
    lines.join("\n")
}
