//! Conversion of URLs to the connection options of the driver.

use std::{fs, path::PathBuf};

use sqlx::{
    ConnectOptions as _,
    postgres::{PgConnectOptions, PgSslMode},
};

use super::{Pem, PostgresHost, PostgresUrl, PostgresUrlError as Error, RootCertificates, SslMode, grammar::encode};

/// The default `application_name`, which `pg_stat_activity` shows.
const APPLICATION_NAME: &str = "vestibule";

impl PostgresUrl {
    /// Returns the options to connect with, one for each host and in the order of [`hosts`](Self::hosts). Statements
    /// are not logged.
    ///
    /// # Errors
    /// A certificate or key that the URL names cannot be read.
    pub fn connect_options(&self) -> Result<Vec<PgConnectOptions>, Error> {
        let root = self.root()?;
        if let Some(client) = &self.tls.client {
            client.certificate.check("sslcert")?;
            client.key.check("sslkey")?;
        }
        let options = self.hosts.iter().map(|host| self.options_for(host, &root));
        Ok(options.collect())
    }

    fn options_for(&self, host: &PostgresHost, root: &Root) -> PgConnectOptions {
        let mut options = self.base(host).port(host.port);
        options = if host.is_socket() {
            options.socket(&host.name)
        } else {
            options.host(&host.name)
        };
        if let Some(user) = &self.user {
            options = options.username(user);
        }
        if let Some(password) = &self.password {
            options = options.password(password.expose());
        }
        // Without a database name the server uses the user name, as with libpq.
        if let Some(database) = &self.database {
            options = options.database(database);
        }
        options = options.ssl_mode(self.ssl_mode(host, root));
        options = match root {
            // Without additional certificates, even if PGSSLROOTCERT names some.
            Root::Public => options.ssl_root_cert_from_pem(Vec::new()),
            Root::Text(text) => options.ssl_root_cert_from_pem(text.clone()),
            Root::File(path) => options.ssl_root_cert(path),
        };
        if let Some(client) = &self.tls.client {
            options = match &client.certificate {
                Pem::File(path) => options.ssl_client_cert(path),
                Pem::Text(text) => options.ssl_client_cert_from_pem(text.expose()),
            };
            options = match &client.key {
                Pem::File(path) => options.ssl_client_key(path),
                Pem::Text(text) => options.ssl_client_key_from_pem(text.expose()),
            };
        }
        if let Some(capacity) = self.statement_cache_capacity {
            options = options.statement_cache_capacity(capacity);
        }
        options
            // PgBouncer rejects this parameter, and since PostgreSQL 12 the default is as exact.
            .extra_float_digits(None)
            .application_name(self.application_name.as_deref().unwrap_or(APPLICATION_NAME))
            .disable_statement_logging()
    }

    /// Returns the options that only the driver's parser can set: the command-line options for the server, unchanged,
    /// and a password from `~/.pgpass`. It parses a generated URL without password and unknown parameters.
    fn base(&self, host: &PostgresHost) -> PgConnectOptions {
        let user = self.user.as_deref().map(|user| format!("{}@", encode(user)));
        let database = self.database.as_deref().map(encode).unwrap_or_default();
        let options = self.options.as_ref().map(|options| encode(options.expose()));
        let options = options.map(|options| format!("?options={options}"));
        let name = if host.name.contains(':') {
            format!("[{}]", host.name)
        } else {
            encode(&host.name)
        };
        let text = format!(
            "postgres://{}{name}:{}/{database}{}",
            user.unwrap_or_default(),
            host.port,
            options.unwrap_or_default()
        );
        text.parse().unwrap_or_else(|_| PgConnectOptions::new_without_pgpass())
    }

    /// Returns the mode for a host. As in libpq, `require` verifies the chain if there are root certificates, and a
    /// socket is not encrypted.
    fn ssl_mode(&self, host: &PostgresHost, root: &Root) -> PgSslMode {
        match self.tls.mode {
            _ if host.is_socket() => PgSslMode::Disable,
            SslMode::Disable => PgSslMode::Disable,
            // The driver has no `allow`, so it encrypts if the server supports it.
            SslMode::Allow | SslMode::Prefer => PgSslMode::Prefer,
            SslMode::Require if matches!(root, Root::Public) => PgSslMode::Require,
            SslMode::Require | SslMode::VerifyCa => PgSslMode::VerifyCa,
            SslMode::VerifyFull => PgSslMode::VerifyFull,
        }
    }

    fn root(&self) -> Result<Root, Error> {
        match &self.tls.root {
            RootCertificates::System => Ok(Root::Public),
            RootCertificates::Default => Ok(default_root().map_or(Root::Public, Root::File)),
            RootCertificates::Pem(pem) => {
                pem.check("sslrootcert")?;
                Ok(match pem {
                    Pem::File(path) => Root::File(PathBuf::from(path)),
                    Pem::Text(text) => Root::Text(text.expose().clone().into_bytes()),
                })
            }
        }
    }
}

/// The trusted certificate authorities: the public ones, and those of a file or text.
enum Root {
    Public,
    File(PathBuf),
    Text(Vec<u8>),
}

impl Pem {
    /// Checks that the file can be read, because the driver's own error does not name it.
    fn check(&self, name: &'static str) -> Result<(), Error> {
        let Self::File(path) = self else { return Ok(()) };
        fs::read(path).map(drop).map_err(|error| Error::File {
            name,
            path: path.clone(),
            reason: error.to_string(),
        })
    }
}

/// Returns libpq's default file of root certificates, if it exists.
fn default_root() -> Option<PathBuf> {
    let path = std::env::home_dir()?.join(".postgresql/root.crt");
    path.is_file().then_some(path)
}
