//! A program that creates a PostgreSQL database for tests that are not written in Rust. It prints the URL, and drops
//! the database when standard input ends.

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
