//! Changes as statements and as Rust source: both are made from the same description, so that they agree.

mod action;
mod column;
mod file;
mod idents;
mod postgres;
mod shared;
mod steps;
mod table;
mod types;
mod words;

pub(crate) use action::Action;
pub(crate) use file::{Names, migration};
pub(crate) use steps::{Step, steps};
