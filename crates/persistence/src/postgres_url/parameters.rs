//! The parameters of connection URLs: which there are, and what they mean.

use std::{collections::BTreeMap, net::IpAddr, time::Duration};

use vestibule_domain::Secret;

use super::{
    ClientCertificate, IgnoredParameter, Pem, PostgresHost, PostgresUrl, PostgresUrlError as Error, RootCertificates,
    SslMode, TargetSessionAttrs, Tls,
    grammar::Pairs,
    known::{ALIASES, IGNORED, LIMITED, NO_BINDING, REFUSED, USED},
};

const DEFAULT_PORT: u16 = 5432;

/// A value and what set it: the parameter, or a variable.
struct Value {
    text: String,
    source: String,
}

/// The parameters of a URL that are used, by name.
pub(super) struct Parameters {
    values: BTreeMap<&'static str, Value>,
    /// Settings of the server in sqlx's form, `options[name]=value`.
    settings: Vec<(String, String)>,
    ignored: Vec<IgnoredParameter>,
}

impl Parameters {
    /// Sorts parameters by what they mean.
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
        } else if let Some((known, _)) = USED.iter().find(|(known, _)| *known == canonical) {
            self.insert(known, value, name);
        } else if let Some((_, reason)) = IGNORED.iter().find(|(ignored, _)| *ignored == name) {
            self.ignored.retain(|ignored| ignored.name != name);
            self.ignored.push(IgnoredParameter {
                name: name.to_owned(),
                reason,
            });
        } else if let Some((_, reason)) = REFUSED.iter().find(|(refused, _)| *refused == name) {
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

    /// Reads from the environment what the URL does not set.
    pub(super) fn add_defaults(&mut self, variable: impl Fn(&str) -> Option<String>) {
        // A variable must not send a URL that names its host to another address.
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
        let is_alone = hosts.len() == 1;
        if let Some(binding) = self.take("channel_binding")
            && !["disable", "prefer"].contains(&binding.text.as_str())
        {
            return Err(unsupported(&binding.source, NO_BINDING));
        }
        Ok(PostgresUrl {
            tls: self.tls()?,
            target: self.target(is_alone)?,
            is_load_balanced: self.is_one_of(
                "load_balance_hosts",
                "`disable` or `random`",
                &["disable"],
                &["random"],
            )?,
            connect_timeout: self.connect_timeout()?,
            statement_cache_capacity: self.number("statement-cache-capacity")?,
            is_transaction_pooled: self.is_one_of("pgbouncer", "`true` or `false`", &["false"], &["true"])?,
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

    /// A text, where an empty one counts as none.
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
                    return Err(addresses.wrong(expected));
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
        let mode = self.take("sslmode");
        let found = match &mode {
            None if root == RootCertificates::System => SslMode::VerifyFull,
            None => SslMode::Prefer,
            Some(mode) => SslMode::ALL
                .into_iter()
                .find(|known| known.name() == mode.text)
                .ok_or_else(|| mode.wrong("`disable`, `allow`, `prefer`, `require`, `verify-ca` or `verify-full`"))?,
        };
        if let Some(mode) = mode
            && root == RootCertificates::System
            && found != SslMode::VerifyFull
        {
            return Err(mode.wrong("`verify-full` with `sslrootcert=system`"));
        }
        let client = match (self.take("sslcert"), self.take("sslkey")) {
            (None, None) => None,
            (Some(certificate), Some(key)) => Some(ClientCertificate {
                certificate: Pem::new(certificate.text),
                key: Pem::new(key.text),
            }),
            (Some(alone), None) => return Err(unsupported(&alone.source, "`sslkey` must be given as well")),
            (None, Some(alone)) => return Err(unsupported(&alone.source, "`sslcert` must be given as well")),
        };
        Ok(Tls {
            mode: found,
            root,
            client,
        })
    }

    fn target(&mut self, is_alone: bool) -> Result<TargetSessionAttrs, Error> {
        let Some(value) = self.take("target_session_attrs") else {
            return Ok(if is_alone {
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
                "a server that accepts writes is needed; use `read-write` or `primary`",
            )),
            _ => Err(value.wrong("`any`, `read-write` or `primary`")),
        }
    }

    /// As in libpq, zero and negative numbers set no limit.
    fn connect_timeout(&mut self) -> Result<Option<Duration>, Error> {
        let Some(value) = self.take("connect_timeout").filter(|value| !value.text.is_empty()) else {
            return Ok(None);
        };
        let seconds: i32 = value
            .text
            .trim()
            .parse()
            .map_err(|_| value.wrong("a number of seconds"))?;
        let seconds = u64::try_from(seconds).unwrap_or(0);
        Ok((seconds > 0).then(|| Duration::from_secs(seconds)))
    }

    fn number(&mut self, name: &str) -> Result<Option<usize>, Error> {
        self.take(name)
            .map(|value| value.text.parse().map_err(|_| value.wrong("a number")))
            .transpose()
    }

    fn is_one_of(&mut self, name: &str, expected: &'static str, no: &[&str], yes: &[&str]) -> Result<bool, Error> {
        match self.take(name) {
            None => Ok(false),
            Some(value) if no.contains(&value.text.as_str()) => Ok(false),
            Some(value) if yes.contains(&value.text.as_str()) => Ok(true),
            Some(value) => Err(value.wrong(expected)),
        }
    }

    /// The command-line options for the server: those that are given as such, then the settings.
    fn options(&mut self) -> Option<Secret<String>> {
        let mut options = self.text("options").unwrap_or_default();
        for (name, value) in &self.settings {
            let escaped = format!("{name}={value}").replace('\\', r"\\").replace(' ', r"\ ");
            let blank = if options.is_empty() { "" } else { " " };
            options.push_str(blank);
            options.push_str("-c ");
            options.push_str(&escaped);
        }
        (!options.is_empty()).then(|| Secret::new(options))
    }
}

impl Value {
    fn wrong(&self, expected: &'static str) -> Error {
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

/// A name that does not look like one may be a piece of a password.
fn unknown(name: &str) -> Error {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if (1..=40).contains(&name.len()) && name.chars().all(is_plain) {
        Error::Unknown(name.to_owned())
    } else {
        Error::Query
    }
}

/// Whether a name can be that of a host, or the absolute path of a socket's folder.
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

/// The folder in which the server of this machine has its socket, or else `localhost`.
fn default_host(port: u16) -> String {
    let folders = ["/run/postgresql", "/var/run/postgresql", "/tmp"];
    let has_socket = |folder: &&str| std::path::Path::new(folder).join(format!(".s.PGSQL.{port}")).exists();
    folders.into_iter().find(has_socket).unwrap_or("localhost").to_owned()
}
