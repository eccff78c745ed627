//! The real program, seen from outside: its commands, its settings, its beginning and its end.
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod command_safety;
mod commands;
mod faults;
mod import;
mod instances;
mod keys;
mod lifecycle;
mod mail;
mod migrations;
mod operators;
mod preflight;
mod restore;
mod second_service;
mod secrets;
mod setup;
mod slow_clients;
mod support;
mod upgrade;
mod web_app;
