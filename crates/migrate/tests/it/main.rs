//! Tests of the runner and of table rebuilds on real databases.
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod foreign_keys;
mod killed_processes;
mod rebuild;
mod runner;
mod support;
mod without_transaction;
