//! The configuration, read from environment variables, with one file for each group of settings.
//!
//! No other module reads the environment. Each group is a plain struct, so tests and other programs can build it without
//! variables.

mod accounts;
mod database;
mod duration;
mod environment;
mod http;
mod log;
mod mail;
mod passkeys;
mod passwords;
mod reader;
mod signing;
mod tokens;

pub use accounts::Accounts;
pub use database::{Database, DatabaseKind};
pub use environment::{Environment, Source};
pub use http::{Http, Management, PublicUrl};
pub use log::{Log, LogFormat};
pub use mail::Mail;
pub use passkeys::Passkeys;
pub use passwords::Passwords;
pub use reader::{ConfigError, ConfigErrors, Setting};
pub use tokens::Tokens;

use reader::{Findings, Reader};

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
    /// Passkeys.
    pub passkeys: Passkeys,
    /// Accounts.
    pub accounts: Accounts,
    /// Mail.
    pub mail: Mail,
    /// The log.
    pub log: Log,
    /// Every setting with its effective value, for `config check`.
    pub settings: Vec<Setting>,
    /// Warnings about settings that are allowed but dangerous.
    pub warnings: Vec<String>,
}

impl Config {
    /// Reads all settings.
    ///
    /// # Errors
    /// Returns all errors at once.
    pub fn read(environment: &Environment) -> Result<Self, ConfigErrors> {
        let mut reader = Reader::new(environment);
        let database = Database::read(&mut reader);
        let http = Http::read(&mut reader);
        let tokens = Tokens::read(&mut reader, &database, &http.public_url);
        let passwords = Passwords::read(&mut reader);
        let passkeys = Passkeys::read(&mut reader, &http);
        let accounts = Accounts::read(&mut reader, &passwords);
        let mail = Mail::read(&mut reader, &http.public_url);
        let log = Log::read(&mut reader);
        let Findings { settings, warnings } = reader.finish()?;
        Ok(Self {
            database,
            http,
            tokens,
            passwords,
            passkeys,
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
