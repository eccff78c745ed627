//! Databases, clocks, servers and clients for the tests of the other crates.
//!
//! Only the time and the mail server are replaced; tests use real databases and real sockets.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a panic fails the test that uses the crate"
)]

mod app;
mod client;
mod clock;
mod database;
mod mail_server;
mod mailbox;
pub mod postgres;
mod proxy;
mod server;
mod totp;
mod values;

pub use app::{TestApp, app};
pub use client::{Client, Request, Response};
pub use clock::TestClock;
pub use database::{Engine, TestDatabase};
pub use mail_server::{Behavior, FinalReply, MailServer, SmtpFeatures, SmtpStep};
pub use mailbox::Mailbox;
pub use proxy::Proxy;
pub use server::TestServer;
pub use totp::totp_code;
pub use values::{date, unique_number};
/// Authenticators for passkeys, in a crate of their own so that the tests of `vestibule-security` do without servers.
pub use vestibule_soft_authenticator as soft_authenticator;
pub use vestibule_soft_authenticator::SoftAuthenticator;

/// Runs each test on each database: SQLite in memory, where reads and writes share one connection, SQLite in a file,
/// PostgreSQL, and PostgreSQL with two instances that serve requests alternately. A test is an `async fn` with an
/// [`Engine`] as its parameter.
#[macro_export]
macro_rules! on_each_database {
    ($($test:ident),+ $(,)?) => {
        $(
            mod $test {
                #[actix_web::test]
                async fn sqlite_memory() {
                    super::$test($crate::Engine::SqliteMemory).await;
                }
                #[actix_web::test]
                async fn sqlite_file() {
                    super::$test($crate::Engine::SqliteFile).await;
                }
                #[actix_web::test]
                async fn postgres() {
                    if $crate::postgres::server_url().is_some() {
                        super::$test($crate::Engine::Postgres).await;
                    }
                }
                #[actix_web::test]
                async fn postgres_pair() {
                    if $crate::postgres::server_url().is_some() {
                        super::$test($crate::Engine::PostgresPair).await;
                    }
                }
            }
        )+
    };
}
