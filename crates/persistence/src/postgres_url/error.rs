//! Errors of connection URLs.

/// Advice for special characters that were not percent-encoded.
const PERCENT_ENCODE: &str = "in the user name and password write `/` as %2F, `?` as %3F, `#` as %23 and `@` as %40";

/// The reason why a connection URL is rejected.
///
/// Errors never repeat values, because any of them may be a part of the password. For the same reason they omit
/// parameter names with unusual characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostgresUrlError {
    /// The URL does not have the scheme of PostgreSQL.
    #[error("it must begin with `postgres://` or `postgresql://`{}", driver_advice(*.names_driver))]
    Scheme {
        /// True if the scheme contains the name of a driver, such as `postgresql+asyncpg`.
        names_driver: bool,
    },
    /// The URL contains line breaks or other control characters.
    #[error("it contains a control character, such as a line break")]
    Control,
    /// An `@` follows the first `/`, so one of them must be part of the user name or password.
    #[error("the `/` before the `@` ends the host name; {PERCENT_ENCODE}")]
    Slash,
    /// A part has an invalid percent-encoding.
    #[error("the {0} contains a `%` that is not part of a valid percent-encoding; write the character `%` as %25")]
    Escape(&'static str),
    /// The brackets around an IPv6 address do not match, or enclose something else.
    #[error("an IPv6 address must be written in brackets, such as `[::1]:5432`")]
    Ipv6,
    /// A host contains an invalid character.
    #[error("a host contains a character that is not allowed in a host name; {PERCENT_ENCODE}")]
    Host,
    /// A port is not a number.
    #[error("a port is not a number from 1 to 65535; if the text after the `:` is the password, {PERCENT_ENCODE}")]
    Port,
    /// There is neither one port nor one for each host.
    #[error("{ports} ports do not match {hosts} hosts; give one port, or one for each host")]
    PortCount {
        /// The number of ports.
        ports: usize,
        /// The number of hosts.
        hosts: usize,
    },
    /// The text after `?` is not a list of parameters.
    #[error("the text after the `?` must be `name=value` pairs joined with `&`; {PERCENT_ENCODE}")]
    Query,
    /// A parameter is not known.
    #[error("the parameter `{0}` is not supported")]
    Unknown(String),
    /// A parameter or variable has an invalid value.
    #[error("`{name}` must be {expected}")]
    Value {
        /// The parameter, or the environment variable that sets it.
        name: String,
        /// The valid values.
        expected: &'static str,
    },
    /// A parameter, or its value, is not supported.
    #[error("`{name}` is not supported: {reason}")]
    Unsupported {
        /// The parameter, or the environment variable that sets it.
        name: String,
        /// The reason, and what to do instead.
        reason: &'static str,
    },
    /// A file that the URL names cannot be read.
    #[error("`{name}`: {path} cannot be read: {reason}")]
    File {
        /// The parameter.
        name: &'static str,
        /// The path.
        path: String,
        /// The error of the operating system.
        reason: String,
    },
}

const fn driver_advice(names_driver: bool) -> &'static str {
    if names_driver { ", without a driver name" } else { "" }
}
