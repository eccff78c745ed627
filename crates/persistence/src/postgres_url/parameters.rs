//! Interpretation of the parameters of connection URLs.

use std::{collections::BTreeMap, net::IpAddr, time::Duration};

use vestibule_domain::Secret;

use super::{
    ClientCertificate, IgnoredParameter, Pem, PostgresHost, PostgresUrl, PostgresUrlError as Error, RootCertificates,
    SslMode, TargetSessionAttrs, Tls,
    grammar::Pairs,
    parameter_tables::{ALIASES, IGNORED, LIMITED, NO_CHANNEL_BINDING, REJECTED, USED},
};

const DEFAULT_PORT: u16 = 5432;

/// A value and its source, which is a parameter or an environment variable.
struct Value {
    text: String,
    source: String,
}

/// The parameters of a URL.
pub(super) struct Parameters {
    /// The values of supported parameters, by name.
    values: BTreeMap<&'static str, Value>,
    /// Server settings in the form of sqlx, `options[name]=value`.
    settings: Vec<(String, String)>,
    ignored: Vec<IgnoredParameter>,
}

impl Parameters {
    /// Collects the supported parameters, and rejects unsupported ones.
    pub(super) fn new(pairs: Pairs) -> Result<Self, Error> {
        let mut parameters = Self {
            values: BTreeMap::new(),
            settings: Vec::new(),
            ignored: Vec::new(),
        };
        for (name, value) in pairs {
            parameters.add(&name, value)?;
        }
        Ok(parameters)
    }

    fn add(&mut self, name: &str, value: String) -> Result<(), Error> {
        let alias = ALIASES.iter().find(|(alias, _)| *alias == name);
        let canonical = alias.map_or(name, |(_, canonical)| canonical);
        if let Some((_, allowed, reason)) = LIMITED.iter().find(|(limited, ..)| *limited == name) {
            if !allowed.contains(&value.as_str()) {
                return Err(unsupported(name, reason));
            }
            if name == "ssl" {
                self.insert("sslmode", "require".to_owned(), name);
            }
        } else if let Some((used, _)) = USED.iter().find(|(used, _)| *used == canonical) {
            self.insert(used, value, name);
        } else if let Some((_, reason)) = IGNORED.iter().find(|(ignored, _)| *ignored == name) {
            self.ignored.retain(|ignored| ignored.name != name);
            self.ignored.push(IgnoredParameter {
                name: name.to_owned(),
                reason,
            });
        } else if let Some((_, reason)) = REJECTED.iter().find(|(rejected, _)| *rejected == name) {
            return Err(unsupported(name, reason));
        } else if let Some(setting) = name.strip_prefix("options[").and_then(|name| name.strip_suffix(']')) {
            self.settings.push((setting.to_owned(), value));
        } else {
            return Err(unknown(name));
        }
        Ok(())
    }

    fn insert(&mut self, name: &'static str, text: String, source: &str) {
        let source = source.to_owned();
        self.values.insert(name, Value { text, source });
    }

    /// Reads parameters that the URL does not set from the environment.
    pub(super) fn add_defaults(&mut self, variable: impl Fn(&str) -> Option<String>) {
        // If the URL names the host, a variable must not redirect the connection to a different address.
        let names_host = ["host", "hostaddr"].iter().any(|name| self.values.contains_key(name));
        for (name, variable_name) in USED {
            let is_host = name == "host" || name == "hostaddr";
            if self.values.contains_key(name) || (is_host && names_host) {
                continue;
            }
            if let Some(source) = variable_name
                && let Some(text) = variable(source).filter(|text| !text.is_empty())
            {
                self.insert(name, text, source);
            }
        }
    }

    /// Interprets the values.
    pub(super) fn into_url(mut self) -> Result<PostgresUrl, Error> {
        let hosts = self.hosts()?;
        let has_one_host = hosts.len() == 1;
        if let Some(channel_binding) = self.take("channel_binding")
            && !["disable", "prefer"].contains(&channel_binding.text.as_str())
        {
            return Err(unsupported(&channel_binding.source, NO_CHANNEL_BINDING));
        }
        Ok(PostgresUrl {
            tls: self.tls()?,
            target: self.target(has_one_host)?,
            is_load_balanced: self.flag("load_balance_hosts", "`disable` or `random`", &["disable"], &["random"])?,
            connect_timeout: self.connect_timeout()?,
            statement_cache_capacity: self.number("statement-cache-capacity")?,
            is_transaction_pooled: self.flag("pgbouncer", "`true` or `false`", &["false"], &["true"])?,
            user: self.text("user"),
            password: self.text("password").map(Secret::new),
            database: self.text("dbname"),
            application_name: self
                .text("application_name")
                .or_else(|| self.text("fallback_application_name")),
            options: self.options(),
            hosts,
            ignored: self.ignored,
        })
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.values.remove(name)
    }

    /// Returns a text, or `None` if it is empty.
    fn text(&mut self, name: &str) -> Option<String> {
        self.take(name).map(|value| value.text).filter(|text| !text.is_empty())
    }

    fn hosts(&mut self) -> Result<Vec<PostgresHost>, Error> {
        let names = self.text("host");
        let names = match (names, self.take("hostaddr")) {
            (Some(_), Some(address)) => {
                return Err(unsupported(&address.source, "give either `host` or `hostaddr`"));
            }
            (names, None) => names,
            (None, Some(addresses)) => {
                let expected = "an IP address";
                if addresses.text.split(',').any(|text| text.parse::<IpAddr>().is_err()) {
                    return Err(addresses.must_be(expected));
                }
                Some(addresses.text)
            }
        };
        let names: Vec<_> = names.unwrap_or_default().split(',').map(ToOwned::to_owned).collect();
        if names.iter().any(|name| !is_host(name)) {
            return Err(Error::Host);
        }
        let ports = self.text("port").unwrap_or_default();
        let ports: Vec<_> = ports.split(',').map(port).collect::<Result<_, _>>()?;
        if ports.len() != 1 && ports.len() != names.len() {
            return Err(Error::PortCount {
                ports: ports.len(),
                hosts: names.len(),
            });
        }
        let ports = ports.iter().copied().cycle();
        let hosts = names.into_iter().zip(ports);
        Ok(hosts
            .map(|(name, port)| PostgresHost {
                name: if name.is_empty() { default_host(port) } else { name },
                port,
            })
            .collect())
    }

    fn tls(&mut self) -> Result<Tls, Error> {
        let root = match self.take("sslrootcert").filter(|root| !root.text.is_empty()) {
            None => RootCertificates::Default,
            Some(root) if root.text == "system" => RootCertificates::System,
            Some(root) => RootCertificates::Pem(Pem::new(root.text)),
        };
        let value = self.take("sslmode");
        let mode = match &value {
            None if root == RootCertificates::System => SslMode::VerifyFull,
            None => SslMode::Prefer,
            Some(value) => SslMode::ALL
                .into_iter()
                .find(|mode| mode.name() == value.text)
                .ok_or_else(|| {
                    value.must_be("`disable`, `allow`, `prefer`, `require`, `verify-ca` or `verify-full`")
                })?,
        };
        if let Some(value) = value
            && root == RootCertificates::System
            && mode != SslMode::VerifyFull
        {
            return Err(value.must_be("`verify-full` with `sslrootcert=system`"));
        }
        let client = match (self.take("sslcert"), self.take("sslkey")) {
            (None, None) => None,
            (Some(certificate), Some(key)) => Some(ClientCertificate {
                certificate: Pem::new(certificate.text),
                key: Pem::new(key.text),
            }),
            (Some(certificate), None) => {
                return Err(unsupported(&certificate.source, "`sslkey` must be given as well"));
            }
            (None, Some(key)) => return Err(unsupported(&key.source, "`sslcert` must be given as well")),
        };
        Ok(Tls { mode, root, client })
    }

    fn target(&mut self, has_one_host: bool) -> Result<TargetSessionAttrs, Error> {
        let Some(value) = self.take("target_session_attrs") else {
            return Ok(if has_one_host {
                TargetSessionAttrs::Any
            } else {
                TargetSessionAttrs::ReadWrite
            });
        };
        match value.text.as_str() {
            "any" => Ok(TargetSessionAttrs::Any),
            "read-write" => Ok(TargetSessionAttrs::ReadWrite),
            "primary" => Ok(TargetSessionAttrs::Primary),
            "read-only" | "standby" | "prefer-standby" => Err(unsupported(
                &value.source,
                "Vestibule needs a server that accepts writes; use `read-write` or `primary`",
            )),
            _ => Err(value.must_be("`any`, `read-write` or `primary`")),
        }
    }

    /// Returns the time limit for connecting. As in libpq, zero and negative numbers set no limit.
    fn connect_timeout(&mut self) -> Result<Option<Duration>, Error> {
        let Some(value) = self.take("connect_timeout").filter(|value| !value.text.is_empty()) else {
            return Ok(None);
        };
        let seconds: i32 = value
            .text
            .trim()
            .parse()
            .map_err(|_| value.must_be("a number of seconds"))?;
        let seconds = u64::try_from(seconds).unwrap_or(0);
        Ok((seconds > 0).then(|| Duration::from_secs(seconds)))
    }

    fn number(&mut self, name: &str) -> Result<Option<usize>, Error> {
        self.take(name)
            .map(|value| value.text.parse().map_err(|_| value.must_be("a number")))
            .transpose()
    }

    fn flag(&mut self, name: &str, expected: &'static str, no: &[&str], yes: &[&str]) -> Result<bool, Error> {
        match self.take(name) {
            None => Ok(false),
            Some(value) if no.contains(&value.text.as_str()) => Ok(false),
            Some(value) if yes.contains(&value.text.as_str()) => Ok(true),
            Some(value) => Err(value.must_be(expected)),
        }
    }

    /// Returns the command-line options for the server: the parameter `options`, followed by the settings.
    fn options(&mut self) -> Option<Secret<String>> {
        let mut options = self.text("options").unwrap_or_default();
        for (name, value) in &self.settings {
            let escaped = format!("{name}={value}").replace('\\', r"\\").replace(' ', r"\ ");
            let separator = if options.is_empty() { "" } else { " " };
            options.push_str(separator);
            options.push_str("-c ");
            options.push_str(&escaped);
        }
        (!options.is_empty()).then(|| Secret::new(options))
    }
}

impl Value {
    fn must_be(&self, expected: &'static str) -> Error {
        Error::Value {
            name: self.source.clone(),
            expected,
        }
    }
}

fn unsupported(name: &str, reason: &'static str) -> Error {
    Error::Unsupported {
        name: name.to_owned(),
        reason,
    }
}

/// Returns the error for an unknown parameter. It omits a name that does not look like one, because that may be a piece
/// of a password.
fn unknown(name: &str) -> Error {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if (1..=40).contains(&name.len()) && name.chars().all(is_plain) {
        Error::Unknown(name.to_owned())
    } else {
        Error::Query
    }
}

/// Returns whether a text can be the name of a host, or the absolute path of a socket's folder.
fn is_host(name: &str) -> bool {
    if name.starts_with('/') {
        return true;
    }
    !name.contains(|c: char| c.is_whitespace() || c.is_control() || "/@?#[]<>\\^|\"%".contains(c))
}

fn port(text: &str) -> Result<u16, Error> {
    match text {
        "" => Ok(DEFAULT_PORT),
        text if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse().ok().filter(|port| *port != 0).ok_or(Error::Port)
        }
        _ => Err(Error::Port),
    }
}

/// Returns the folder with the socket of a server on this machine, or `localhost` if there is none.
fn default_host(port: u16) -> String {
    let folders = ["/run/postgresql", "/var/run/postgresql", "/tmp"];
    let has_socket = |folder: &&str| std::path::Path::new(folder).join(format!(".s.PGSQL.{port}")).exists();
    folders.into_iter().find(has_socket).unwrap_or("localhost").to_owned()
}
