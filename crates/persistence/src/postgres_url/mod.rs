//! PostgreSQL connection URLs, as libpq interprets them.
//!
//! The driver's own parser is not used: it follows the URL standard of browsers (a `#` in a password starts a
//! fragment), supports one host, ignores parameters that libpq enforces, and logs the values of unknown parameters.
//! `docs/postgresql.md` lists the supported parameters.

mod convert;
mod error;
mod grammar;
mod parameter_tables;
mod parameters;
#[cfg(test)]
mod tests;

use std::{env, fmt, net::Ipv6Addr, time::Duration};

use vestibule_domain::Secret;

use self::parameters::Parameters;

pub use error::PostgresUrlError;

/// The address of a PostgreSQL database and the parameters to connect with.
///
/// Neither [`Display`](fmt::Display) nor [`Debug`] shows the password or any other value that may be secret.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl {
    hosts: Vec<PostgresHost>,
    user: Option<String>,
    password: Option<Secret<String>>,
    database: Option<String>,
    tls: Tls,
    target: TargetSessionAttrs,
    is_load_balanced: bool,
    connect_timeout: Option<Duration>,
    application_name: Option<String>,
    options: Option<Secret<String>>,
    statement_cache_capacity: Option<usize>,
    is_transaction_pooled: bool,
    ignored: Vec<IgnoredParameter>,
}

/// A server that a URL names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostgresHost {
    /// A host name, an IP address, or the folder of a Unix socket, which begins with `/`.
    pub name: String,
    /// The port, which is also part of the file name of a socket.
    pub port: u16,
}

/// The servers that may be used (`target_session_attrs`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetSessionAttrs {
    /// Any server that accepts the connection.
    Any,
    /// A server that accepts writes: it is not in recovery, and `transaction_read_only` is off. This is the default for
    /// a URL with several hosts.
    ReadWrite,
    /// A server that is not in recovery.
    Primary,
}

/// A parameter that is accepted but has no effect, and the reason.
#[derive(Clone, PartialEq, Eq)]
struct IgnoredParameter {
    name: String,
    reason: &'static str,
}

/// The encryption of the connection (`sslmode` and its certificate files).
#[derive(Debug, Clone, PartialEq, Eq)]
struct Tls {
    mode: SslMode,
    root: RootCertificates,
    client: Option<ClientCertificate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SslMode {
    Disable,
    Allow,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum RootCertificates {
    /// `~/.postgresql/root.crt` if it exists, otherwise the public certificate authorities.
    Default,
    /// `sslrootcert=system`: the public certificate authorities.
    System,
    Pem(Pem),
}

/// A client certificate and its key.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ClientCertificate {
    certificate: Pem,
    key: Pem,
}

/// The path of a PEM file, or the text itself.
#[derive(Clone, PartialEq, Eq)]
enum Pem {
    File(String),
    Text(Secret<String>),
}

impl PostgresUrl {
    /// Parses a URL. Parameters that it does not set are read from the environment, as libpq does (`PGUSER`,
    /// `PGPASSWORD`, `PGSSLMODE` and so on).
    ///
    /// # Errors
    /// The URL is malformed or needs something unsupported. The error never repeats a value.
    pub fn parse(text: &str) -> Result<Self, PostgresUrlError> {
        Self::parse_with(text, |name| env::var(name).ok())
    }

    /// Parses a URL with the given environment variables.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_with(text: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Self, PostgresUrlError> {
        let mut parameters = Parameters::new(grammar::parse(text)?)?;
        parameters.add_defaults(variable);
        parameters.into_url()
    }

    /// Returns the servers in the order of the URL; there is at least one.
    #[must_use]
    pub fn hosts(&self) -> &[PostgresHost] {
        &self.hosts
    }

    /// Returns the kind of servers that may be used.
    #[must_use]
    pub const fn target_session_attrs(&self) -> TargetSessionAttrs {
        self.target
    }

    /// Returns whether to try the hosts in random order (`load_balance_hosts=random`).
    #[must_use]
    pub const fn is_load_balanced(&self) -> bool {
        self.is_load_balanced
    }

    /// Returns the time limit for connecting to one host (`connect_timeout`), or `None` if the URL sets none.
    #[must_use]
    pub const fn connect_timeout(&self) -> Option<Duration> {
        self.connect_timeout
    }

    /// Returns whether the URL declares a pooler in transaction mode (`pgbouncer=true`).
    #[must_use]
    pub const fn is_transaction_pooled(&self) -> bool {
        self.is_transaction_pooled
    }

    /// Returns warnings about parameters that have no effect, or less effect than in libpq.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let ignored = self.ignored.iter();
        let mut warnings: Vec<_> = ignored
            .map(|IgnoredParameter { name, reason }| format!("the parameter `{name}` has no effect: {reason}"))
            .collect();
        let has_own_root = matches!(self.tls.root, RootCertificates::Pem(_));
        if self.tls.mode == SslMode::VerifyCa || (self.tls.mode == SslMode::Require && has_own_root) {
            warnings.push(format!(
                "`sslmode={}` does not verify the host name, so any certificate of a public authority is accepted; \
                 use `sslmode=verify-full` if the certificate names the host",
                self.tls.mode.name()
            ));
        }
        warnings
    }
}

impl PostgresHost {
    /// Returns whether this is a Unix socket.
    #[must_use]
    pub fn is_socket(&self) -> bool {
        self.name.starts_with('/')
    }
}

impl fmt::Display for PostgresHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            name if name.parse::<Ipv6Addr>().is_ok() => write!(f, "[{name}]:{}", self.port),
            name => write!(f, "{}:{}", grammar::encode(name), self.port),
        }
    }
}

/// Writes the URL in a canonical form without secrets.
impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        if let Some(user) = &self.user {
            f.write_str(&grammar::encode(user))?;
        }
        if self.password.is_some() {
            f.write_str(":***")?;
        }
        if self.user.is_some() || self.password.is_some() {
            f.write_str("@")?;
        }
        for (index, host) in self.hosts.iter().enumerate() {
            let separator = if index == 0 { "" } else { "," };
            write!(f, "{separator}{host}")?;
        }
        if let Some(database) = &self.database {
            write!(f, "/{}", grammar::encode(database))?;
        }
        for (index, (name, value)) in self.shown_parameters().iter().enumerate() {
            let separator = if index == 0 { '?' } else { '&' };
            write!(f, "{separator}{name}={value}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PostgresUrl {
    /// Returns the parameters that differ from the defaults, with free text masked.
    fn shown_parameters(&self) -> Vec<(&'static str, String)> {
        let mut shown = Vec::new();
        if self.tls.mode != SslMode::Prefer {
            shown.push(("sslmode", self.tls.mode.name().to_owned()));
        }
        match &self.tls.root {
            RootCertificates::Default => {}
            RootCertificates::System => shown.push(("sslrootcert", "system".to_owned())),
            RootCertificates::Pem(pem) => shown.push(("sslrootcert", pem.to_string())),
        }
        if let Some(client) = &self.tls.client {
            shown.push(("sslcert", client.certificate.to_string()));
            shown.push(("sslkey", client.key.to_string()));
        }
        match self.target {
            TargetSessionAttrs::Any => {}
            TargetSessionAttrs::ReadWrite => shown.push(("target_session_attrs", "read-write".to_owned())),
            TargetSessionAttrs::Primary => shown.push(("target_session_attrs", "primary".to_owned())),
        }
        if self.is_load_balanced {
            shown.push(("load_balance_hosts", "random".to_owned()));
        }
        if let Some(timeout) = self.connect_timeout {
            shown.push(("connect_timeout", timeout.as_secs().to_string()));
        }
        if self.options.is_some() {
            shown.push(("options", "***".to_owned()));
        }
        if self.is_transaction_pooled {
            shown.push(("pgbouncer", "true".to_owned()));
        }
        shown
    }
}

impl SslMode {
    const ALL: [Self; 6] = [
        Self::Disable,
        Self::Allow,
        Self::Prefer,
        Self::Require,
        Self::VerifyCa,
        Self::VerifyFull,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Allow => "allow",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }
}

impl Pem {
    fn new(value: String) -> Self {
        if value.trim_start().starts_with("-----BEGIN") {
            Self::Text(Secret::new(value))
        } else {
            Self::File(value)
        }
    }
}

impl fmt::Display for Pem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.write_str(&grammar::encode(path).replace("%2F", "/")),
            Self::Text(_) => f.write_str("***"),
        }
    }
}

impl fmt::Debug for Pem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
