//! The engine on real databases.
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod rebuild;
