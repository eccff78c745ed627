//! The API over HTTP, on each database.
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod abandoned_requests;
mod access;
mod administrators;
mod audit;
mod bombs;
mod conventions;
mod cookies;
mod document;
mod email_spelling;
mod export;
mod flood;
mod idempotency;
mod invitations;
mod links;
mod many_roles;
mod mass_assignment;
mod new_address;
mod outbox;
mod paging;
mod password_upgrade;
mod reach;
mod refresh;
mod roles;
mod service;
mod sessions;
mod setup;
mod sign_in;
mod sign_out;
mod sign_up;
mod sweep;
mod throttle;
mod token_kinds;
mod users;
mod visible_text;
