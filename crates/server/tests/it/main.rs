//! End-to-end tests of the program: commands, configuration, startup, operation and shutdown.
#![expect(clippy::expect_used, reason = "a failed expectation fails the test")]

mod command_safety;
mod commands;
mod doctor;
mod faults;
mod import;
mod instances;
mod keys;
mod lifecycle;
mod mail;
mod management;
mod migrations;
mod preflight;
mod restore;
mod second_service;
mod secrets;
mod setup;
mod slow_clients;
mod support;
mod upgrade;
mod web_app;
