//! The engine on real databases.
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod foreign_keys;
mod outside;
mod processes;
mod rebuild;
mod runner;
mod support;
