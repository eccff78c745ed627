//! Errors of connection URLs.

/// Why a connection URL is rejected. Values are never repeated, because any of them may be a part of the password;
/// neither are names of parameters that do not look like one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostgresUrlError {
    /// It does not begin as the URLs of PostgreSQL do.
    #[error("it must begin with `postgres://` or `postgresql://`{}", driver_advice(*.names_driver))]
    Scheme {
        /// Whether it has the name of a driver in the scheme, such as `postgresql+asyncpg`.
        names_driver: bool,
    },
    /// It has line breaks or other control characters.
    #[error("it contains a control character, such as a line break")]
    Control,
    /// An `@` comes after the first `/`, so one of them must be part of the password or of the user name.
    #[error(
        "the `/` before `@` ends the host; in a user name or password write `/` as %2F, `?` as %3F, `#` as %23 and `@` as %40"
    )]
    Slash,
    /// The escapes of a part are not valid.
    #[error("the {0} contains a `%` that begins no escape of UTF-8 text; write `%` as %25")]
    Escape(&'static str),
    /// The brackets around an IPv6 address do not match, or something else is between them.
    #[error("an IPv6 address is written in brackets, such as `[::1]:5432`")]
    Ipv6,
    /// A host has a character that no host has.
    #[error(
        "a host has a character that no host name has; in a user name or password write `/` as %2F, `?` as %3F, `#` as %23 \
         and `@` as %40"
    )]
    Host,
    /// A port is not a number.
    #[error(
        "a port is not a number from 1 to 65535; if what follows the `:` is part of the password, write `/` in it as %2F, \
         `?` as %3F, `#` as %23 and `@` as %40"
    )]
    Port,
    /// There is neither one port nor one for each host.
    #[error("{ports} ports do not match {hosts} hosts; give one port, or one for each host")]
    PortCount {
        /// How many ports there are.
        ports: usize,
        /// How many hosts there are.
        hosts: usize,
    },
    /// What follows `?` is not a list of parameters.
    #[error(
        "what follows `?` must be `name=value`, joined with `&`; in a user name or password write `?` as %3F, `/` as %2F, \
         `#` as %23 and `@` as %40"
    )]
    Query,
    /// A parameter is not known.
    #[error("the parameter `{0}` is not supported")]
    Unknown(String),
    /// A parameter or variable has a value that is not among those that are possible.
    #[error("`{name}` must be {expected}")]
    Value {
        /// The parameter, or the environment variable that sets it.
        name: String,
        /// What it may be.
        expected: &'static str,
    },
    /// A parameter asks for something that is not supported.
    #[error("`{name}` is not supported: {reason}")]
    Unsupported {
        /// The parameter, or the environment variable that sets it.
        name: String,
        /// Why, and what to do instead.
        reason: &'static str,
    },
    /// A file that the URL names cannot be read.
    #[error("`{name}`: {path} cannot be read: {reason}")]
    File {
        /// The parameter.
        name: &'static str,
        /// The path.
        path: String,
        /// What the operating system reports.
        reason: String,
    },
}

const fn driver_advice(names_driver: bool) -> &'static str {
    if names_driver {
        ", without the name of a driver"
    } else {
        ""
    }
}
