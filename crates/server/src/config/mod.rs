//! The settings: one file for each concern, read from variables by name.
//!
//! Nothing but this module looks at the environment. Each concern is a plain struct, so that a test or
//! another program can fill it in without variables.

mod accounts;
mod database;
mod duration;
mod environment;
mod http;
mod log;
mod mail;
mod passwords;
mod reader;
mod signing;
mod tokens;

pub use accounts::Accounts;
pub use database::{Database, Place};
pub use environment::{Environment, Origin};
pub use http::{Http, Management, PublicUrl};
pub use log::{Log, LogFormat};
pub use mail::Mail;
pub use passwords::Passwords;
pub use reader::{Mistake, Mistakes, Setting};
pub use tokens::Tokens;

use reader::Reader;

/// All settings.
#[derive(Debug, Clone)]
pub struct Config {
    /// The database.
    pub database: Database,
    /// The HTTP server.
    pub http: Http,
    /// Sessions and tokens.
    pub tokens: Tokens,
    /// Passwords.
    pub passwords: Passwords,
    /// Accounts.
    pub accounts: Accounts,
    /// Mail.
    pub mail: Mail,
    /// The log.
    pub log: Log,
    /// Each setting as it was understood, for people.
    pub settings: Vec<Setting>,
    /// What is allowed and still dangerous.
    pub warnings: Vec<String>,
}

impl Config {
    /// Reads all settings.
    ///
    /// # Errors
    /// Every mistake at once.
    pub fn read(environment: &Environment) -> Result<Self, Mistakes> {
        let mut reader = Reader::new(environment);
        let database = Database::read(&mut reader);
        let http = Http::read(&mut reader);
        let tokens = Tokens::read(&mut reader, &database, &http.public_url);
        let passwords = Passwords::read(&mut reader);
        let accounts = Accounts::read(&mut reader, &passwords);
        let mail = Mail::read(&mut reader, &http.public_url);
        let log = Log::read(&mut reader);
        let found = reader.finish()?;
        let (settings, warnings) = (found.settings, found.warnings);
        Ok(Self {
            database,
            http,
            tokens,
            passwords,
            accounts,
            mail,
            log,
            settings,
            warnings,
        })
    }
}

#[cfg(test)]
mod tests;
