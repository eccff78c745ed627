//! The real program, seen from outside: its commands, its settings, its beginning and its end.
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod commands;
mod faults;
mod import;
mod instances;
mod keys;
mod lifecycle;
mod mail;
mod migrations;
mod operators;
mod second_service;
mod secrets;
mod setup;
mod support;
mod web_app;
