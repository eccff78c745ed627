//! The tests of this crate, on both databases.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod model;
mod pairs;
#[expect(clippy::too_many_lines, reason = "it changes a bit of everything")]
mod printed;
mod printed_sql;
mod questions;
mod random;
mod real;
mod support;
mod transcript;
