//! From one schema to another: which changes, in which order, and what has to be asked first.

mod answers;
mod diff;
mod op;
mod order;
mod table;

pub(crate) use answers::renames;
pub use answers::{Answers, Question};
pub(crate) use diff::diff;
pub(crate) use op::{Op, inverse};
