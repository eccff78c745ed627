//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

/// Users, sessions and roles for your own backend
///
/// All settings are environment variables; `vestibule config check` lists them.
#[derive(Debug, Parser)]
#[command(name = "vestibule", version, max_term_width = 100)]
pub struct Cli {
    /// The command to run; `serve` by default.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// A command of the program.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Run the server (the default)
    Serve,
    /// Apply, undo and list database migrations
    #[command(subcommand)]
    Migrate(vestibule_migrate::cli::Command),
    /// Create, list, change and import users
    #[command(subcommand)]
    User(User),
    /// List, grant and revoke roles
    #[command(subcommand)]
    Role(Role),
    /// List and revoke sessions
    #[command(subcommand)]
    Session(Session),
    /// List unsent emails, retry them, and test delivery
    #[command(subcommand)]
    Mail(Mail),
    /// Export the audit log
    #[command(subcommand)]
    Audit(Audit),
    /// Complete the restore of a database from a backup
    #[command(subcommand)]
    Restore(Restore),
    /// Check whether the server on this machine is ready
    Health {
        /// Check only that the process responds, even without a database
        #[arg(long)]
        live: bool,
    },
    /// Check everything the server depends on, without changing anything
    Doctor,
    /// Print the OpenAPI document
    Openapi,
    /// Generate keys, or replace a lost secret key
    #[command(subcommand)]
    Key(Key),
    /// Check the configuration
    #[command(subcommand)]
    Config(Config),
}

const IMPORT_HELP: &str = "\
Columns: email, and optionally password_hash (bcrypt, or bcrypt-sha256 of passlib), display_name, roles (in CSV \
separated by spaces or semicolons; `member` by default) and created_at (RFC 3339; UTC if there is no offset). \
Existing users are skipped, so you can correct the file and import it again, also after an interruption.";

/// A command for users.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum User {
    /// Create a user; reads the password from a prompt or from the first line of standard input
    Create {
        /// The email address for signing in
        email: String,
        /// Grant the role `admin`
        #[arg(long)]
        admin: bool,
        /// The display name
        #[arg(long, value_name = "NAME")]
        display_name: Option<String>,
    },
    /// List users, newest first
    List {
        /// The maximum number of users
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Set the password of a user and revoke their sessions; reads the password as `create` does
    SetPassword {
        /// The email address of the user
        email: String,
    },
    /// Remove the second factors of a user who has lost them, and revoke their sessions
    ResetFactors {
        /// The email address of the user
        email: String,
    },
    /// Disable a user and revoke their sessions
    Disable {
        /// The email address of the user
        email: String,
    },
    /// Enable a disabled user
    Enable {
        /// The email address of the user
        email: String,
    },
    /// Import users with their password hashes from another application (dry run unless --apply)
    #[command(after_long_help = IMPORT_HELP)]
    Import {
        /// A CSV file with a header, or a file with one JSON object per line
        file: PathBuf,
        /// Create the users
        #[arg(long)]
        apply: bool,
        /// Mark every email address as verified
        #[arg(long)]
        verified: bool,
    },
    /// Insert generated users without passwords, for tests with many users
    Seed {
        /// The number of users
        count: u32,
    },
}

/// A command for roles.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum Role {
    /// List roles with their number of users and their permissions
    List,
    /// Grant a role to a user
    Grant {
        /// The email address of the user
        email: String,
        /// The name of the role
        role: String,
    },
    /// Revoke a role from a user
    Revoke {
        /// The email address of the user
        email: String,
        /// The name of the role
        role: String,
    },
}

/// A command for sessions.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum Session {
    /// List the active sessions of a user, newest first
    List {
        /// The email address of the user
        email: String,
    },
    /// Revoke one session, or all sessions of a user
    Revoke {
        /// The id of a session, or the email address of a user
        target: String,
    },
}

/// A command for email.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum Mail {
    /// List unsent emails and dead letters, newest first
    List {
        /// The maximum number of emails
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Retry all failed emails now, including dead letters
    Retry,
    /// Send a test email
    Test {
        /// The email address of the recipient
        address: String,
    },
}

/// A command for the audit log.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum Audit {
    /// Print all events, newest first, as one JSON object per line in the format of the API
    Export,
}

/// A command for restored databases.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum Restore {
    /// Revoke everything that was issued before the backup: sessions, links, idempotency keys and unsent emails with
    /// links
    Complete,
}

/// A command for keys.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum Key {
    /// Print a new secret key, or a new private key for access tokens
    Generate {
        /// The algorithm that signs access tokens: `HS256` needs a secret key, the others a private key
        #[arg(value_enum, default_value_t = KeyAlgorithm::Hs256)]
        algorithm: KeyAlgorithm,
    },
    /// Replace a lost secret key with the configured one. Signs everyone out
    #[command(alias = "adopt")]
    Reset,
}

/// An algorithm that signs access tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KeyAlgorithm {
    /// HMAC with SHA-256
    #[value(name = "HS256", alias = "hs256")]
    Hs256,
    /// Ed25519
    #[value(name = "EdDSA", alias = "eddsa")]
    EdDsa,
    /// ECDSA with P-256 and SHA-256
    #[value(name = "ES256", alias = "es256")]
    Es256,
}

/// A command for the configuration.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum Config {
    /// Print every setting with its source, or all errors
    Check,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use vestibule_migrate::cli::Command as Migrate;

    use super::*;

    fn parse(line: &str) -> Option<Command> {
        Cli::try_parse_from(line.split(' ')).expect("valid").command
    }

    #[test]
    fn cli_definition_is_valid() {
        Cli::command().debug_assert();
    }

    #[test]
    fn commands_parse_with_defaults() {
        assert_eq!(parse("vestibule"), None);
        assert_eq!(parse("vestibule migrate redo"), Some(Command::Migrate(Migrate::Redo)));
        assert_eq!(
            parse("vestibule user list"),
            Some(Command::User(User::List { limit: 50 }))
        );
        let create = User::Create {
            email: "ada@example.com".to_owned(),
            admin: true,
            display_name: None,
        };
        assert_eq!(
            parse("vestibule user create --admin ada@example.com"),
            Some(Command::User(create))
        );
    }

    #[test]
    fn key_adopt_is_an_alias_of_key_reset() {
        for line in ["vestibule key reset", "vestibule key adopt"] {
            assert_eq!(parse(line), Some(Command::Key(Key::Reset)));
        }
    }
}
