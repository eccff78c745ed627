//! The names of all parameters, by how they are handled.

/// Supported parameters, with the environment variables that set them if the URL does not.
pub(super) const USED: [(&str, Option<&str>); 19] = [
    ("host", Some("PGHOST")),
    ("hostaddr", Some("PGHOSTADDR")),
    ("port", Some("PGPORT")),
    ("user", Some("PGUSER")),
    ("password", Some("PGPASSWORD")),
    ("dbname", Some("PGDATABASE")),
    ("sslmode", Some("PGSSLMODE")),
    ("sslrootcert", Some("PGSSLROOTCERT")),
    ("sslcert", Some("PGSSLCERT")),
    ("sslkey", Some("PGSSLKEY")),
    ("channel_binding", Some("PGCHANNELBINDING")),
    ("target_session_attrs", Some("PGTARGETSESSIONATTRS")),
    ("load_balance_hosts", Some("PGLOADBALANCEHOSTS")),
    ("connect_timeout", Some("PGCONNECT_TIMEOUT")),
    ("application_name", Some("PGAPPNAME")),
    ("fallback_application_name", None),
    // The driver itself reads PGOPTIONS.
    ("options", None),
    ("statement-cache-capacity", None),
    ("pgbouncer", None),
];

/// Alternative names of supported parameters, from the driver's own parser, asyncpg and Prisma.
pub(super) const ALIASES: [(&str, &str); 6] = [
    ("ssl-mode", "sslmode"),
    ("ssl-root-cert", "sslrootcert"),
    ("ssl-ca", "sslrootcert"),
    ("ssl-cert", "sslcert"),
    ("ssl-key", "sslkey"),
    ("statement_cache_size", "statement-cache-capacity"),
];

/// Parameters of which only the values that have no effect are accepted, and the reason for rejecting others.
pub(super) const LIMITED: [(&str, &[&str], &str); 15] = [
    (
        "gssencmode",
        &["disable", "prefer"],
        "GSSAPI encryption is not available; use `sslmode`",
    ),
    ("channel_binding", &["disable", "prefer"], NO_CHANNEL_BINDING),
    (
        "sslcompression",
        &["0", "1"],
        "it must be `0` or `1`; compression is never used",
    ),
    ("sslsni", &["1"], "the host name is always sent to the server"),
    (
        "sslnegotiation",
        &["postgres"],
        "TLS is always negotiated with PostgreSQL's own handshake",
    ),
    (
        "sslcertmode",
        &["allow"],
        "a client certificate is always sent if the server requests one",
    ),
    (
        "ssl_min_protocol_version",
        &["TLSv1", "TLSv1.1", "TLSv1.2"],
        "TLS 1.2 and 1.3 are always accepted",
    ),
    (
        "ssl_max_protocol_version",
        &["TLSv1.3"],
        "TLS 1.2 and 1.3 are always accepted",
    ),
    (
        "client_encoding",
        &["UTF8", "utf8", "UTF-8", "utf-8", "auto"],
        "it is always UTF8",
    ),
    (
        "min_protocol_version",
        &["3.0"],
        "version 3.0 of the protocol is always used",
    ),
    (
        "max_protocol_version",
        &["3.0", "3.2", "latest"],
        "version 3.0 of the protocol is always used",
    ),
    (
        "schema",
        &["public"],
        "set the search path with `ALTER ROLE … SET search_path`, or with `options`",
    ),
    (
        "sslaccept",
        &["strict"],
        "use `sslmode=require` or `sslmode=verify-full`",
    ),
    (
        "ssl",
        &["true"],
        "use `sslmode=disable`, `sslmode=require` or `sslmode=verify-full`",
    ),
    (
        "replication",
        &["false", "off", "no", "0"],
        "replication connections are not available",
    ),
];

pub(super) const NO_CHANNEL_BINDING: &str = "the driver has no channel binding; remove it and use \
     `sslmode=verify-full`, with which the certificate proves the identity of the server";

const NO_KEEPALIVE: &str =
    "the driver cannot change TCP settings; time limits of statements and idle connections replace them";

const POOL_SETTING: &str = "the connection pool is configured with Vestibule's own settings, not in the URL";

/// Parameters that are ignored, and the reason why that is harmless.
pub(super) const IGNORED: [(&str, &str); 13] = [
    ("keepalives", NO_KEEPALIVE),
    ("keepalives_idle", NO_KEEPALIVE),
    ("keepalives_interval", NO_KEEPALIVE),
    ("keepalives_count", NO_KEEPALIVE),
    ("tcp_user_timeout", NO_KEEPALIVE),
    ("connection_limit", POOL_SETTING),
    ("pool_size", POOL_SETTING),
    ("pool_timeout", POOL_SETTING),
    ("max_idle_connection_lifetime", POOL_SETTING),
    ("max_connection_lifetime", POOL_SETTING),
    (
        "uselibpqcompat",
        "it is for a different driver; `sslmode` has the same meaning as in libpq",
    ),
    ("supa", "it is for a different driver"),
    ("workaround", "it is for a different driver"),
];

const CANNOT_ENFORCE: &str = "the driver cannot enforce it";
const NO_GSSAPI: &str = "the driver does not support GSSAPI";

/// Parameters that are rejected, because ignoring them would be harmful, and the reason why they are not supported.
pub(super) const REJECTED: [(&str, &str); 14] = [
    (
        "service",
        "connection service files are not read; give a URL with all parameters",
    ),
    (
        "servicefile",
        "connection service files are not read; give a URL with all parameters",
    ),
    ("passfile", "set the environment variable PGPASSFILE instead"),
    ("sslpassword", "encrypted keys cannot be read; decrypt the file"),
    ("sslcrl", "revocation lists are not read"),
    ("sslcrldir", "revocation lists are not read"),
    ("sslidentity", "PKCS#12 files are not read; use `sslcert` and `sslkey`"),
    ("requirepeer", CANNOT_ENFORCE),
    ("requiressl", "use `sslmode=require`"),
    ("require_auth", CANNOT_ENFORCE),
    ("krbsrvname", NO_GSSAPI),
    ("gsslib", NO_GSSAPI),
    ("gssdelegation", NO_GSSAPI),
    (
        "socket_timeout",
        "use the setting VESTIBULE_STATEMENT_TIMEOUT, which limits statements",
    ),
];
