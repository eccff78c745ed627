//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

/// Users, sessions and roles for your own backend. Everything is set through variables, which
/// `vestibule config check` lists.
#[derive(Debug, Parser)]
#[command(name = "vestibule", version, max_term_width = 100)]
pub struct Cli {
    /// What to do; `serve` when nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What the program can do.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Run the server (the default)
    Serve,
    /// Apply, undo or list the migrations of the database
    #[command(subcommand)]
    Migrate(vestibule_migrate::cli::Command),
    /// Create, list and change users
    #[command(subcommand)]
    User(User),
    /// List roles, give them to users and take them away
    #[command(subcommand)]
    Role(Role),
    /// List and end sessions
    #[command(subcommand)]
    Session(Session),
    /// Look after the mails that wait to be sent
    #[command(subcommand)]
    Mail(Mail),
    /// Read the audit trail
    #[command(subcommand)]
    Audit(Audit),
    /// Bring a database that was restored from a backup into service
    #[command(subcommand)]
    Restore(Restore),
    /// Ask the server that runs here whether it can do its work
    Health {
        /// Ask only whether the process answers, whatever becomes of the database
        #[arg(long)]
        live: bool,
    },
    /// Look at everything that the server depends on, and change nothing
    Doctor,
    /// Print the OpenAPI document
    Openapi,
    /// Make keys, or go on with another one
    #[command(subcommand)]
    Key(Key),
    /// Look at the settings
    #[command(subcommand)]
    Config(Config),
}

const IMPORT_HELP: &str = "\
Columns: email, and where there is one password_hash (bcrypt, or bcrypt-sha256 of passlib), display_name, roles (in CSV \
with blanks or semicolons between; `member` when there is none) and created_at (RFC 3339, or UTC without an offset). \
Addresses that have an account stay as they are, so the same file can be taken again after it was put right or cut off.";

/// What can be done with users.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum User {
    /// Create a user; the password comes from a prompt or from the first line of standard input
    Create {
        /// The address to sign in with
        email: String,
        /// Give the role `admin`
        #[arg(long)]
        admin: bool,
        /// The name to show
        #[arg(long, value_name = "NAME")]
        display_name: Option<String>,
    },
    /// List users, the newest first
    List {
        /// How many at most
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Set a user's password and end the user's sessions; the password comes as with `create`
    SetPassword {
        /// The user's address
        email: String,
    },
    /// Disable a user and end the user's sessions
    Disable {
        /// The user's address
        email: String,
    },
    /// Have the users of another program move in with their passwords; says of each what would become of it
    #[command(after_long_help = IMPORT_HELP)]
    Import {
        /// CSV with a line of names, or one JSON object a line
        file: PathBuf,
        /// Make the accounts; without it nothing is changed
        #[arg(long)]
        apply: bool,
        /// Take every address for verified
        #[arg(long)]
        verified: bool,
    },
    /// Insert made-up users without passwords, to try the system with many
    Seed {
        /// How many
        count: u32,
    },
}

/// What can be done with roles.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum Role {
    /// List roles, how many users each has, and what it permits
    List,
    /// Give a role to a user
    Grant {
        /// The user's address
        email: String,
        /// The name of the role
        role: String,
    },
    /// Take a role from a user
    Revoke {
        /// The user's address
        email: String,
        /// The name of the role
        role: String,
    },
}

/// What can be done with sessions.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum Session {
    /// List the live sessions of a user, the newest first
    List {
        /// The user's address
        email: String,
    },
    /// End one session, or all sessions of a user
    Revoke {
        /// The identifier of a session, or a user's address
        target: String,
    },
}

/// What can be done with mail.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum Mail {
    /// List the mails that wait or are parked, the newest first
    List {
        /// How many at most
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Have the server try every mail again at once that could not be sent
    Retry,
    /// Send a mail now that says nothing but that it arrived
    Test {
        /// Where it goes
        address: String,
    },
}

/// What can be done with the audit trail.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum Audit {
    /// Print all events, the newest first, one JSON object a line, as the API shows them
    Export,
}

/// What can be done after a restore.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum Restore {
    /// Revoke everything that was issued before the backup was taken: sessions, links, kept responses and unsent emails
    /// with links
    Complete,
}

/// What can be done with keys.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum Key {
    /// Print a new key: of the server, or with another algorithm one that signs access tokens
    Generate {
        /// What it is to sign access tokens with
        #[arg(value_enum, default_value_t = KeyAlgorithm::Hs256)]
        algorithm: KeyAlgorithm,
    },
    /// Go on with the key of the settings when the one that the database knows is lost; ends all sessions
    Adopt,
}

/// What signs access tokens.
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

/// What can be done with the settings.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum Config {
    /// Print every setting and where it came from, or everything that is wrong
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
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn commands_are_read_with_their_defaults() {
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
}
