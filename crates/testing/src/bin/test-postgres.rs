//! A database on PostgreSQL for tests that are not written in Rust: prints its URL, and keeps it until standard input
//! ends.

use std::io::{Read, Write, stdin, stdout};

use vestibule_testing::postgres;

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    if let Some(database) = postgres::empty().await {
        writeln!(stdout(), "{}", database.url())?;
        stdin().read_to_end(&mut Vec::new())?;
    }
    Ok(())
}
