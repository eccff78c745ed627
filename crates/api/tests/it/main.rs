//! The API over HTTP, on each database.
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod access;
mod administrators;
mod audit;
mod bombs;
mod conventions;
mod cookies;
mod document;
mod export;
mod flood;
mod idempotency;
mod links;
mod mass_assignment;
mod new_address;
mod outbox;
mod paging;
mod reach;
mod refresh;
mod role_members;
mod roles;
mod service;
mod session_limit;
mod sessions;
mod setup;
mod sign_in;
mod sign_up;
mod sweep;
mod throttle;
mod token_kinds;
mod unreadable_rows;
mod users;
