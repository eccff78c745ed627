//! Tests of the runner and of table rebuilds on real databases.
#![expect(clippy::expect_used, reason = "a panic fails the test")]

mod foreign_keys;
mod killed_processes;
mod rebuild;
mod runner;
mod support;
mod without_transaction;
