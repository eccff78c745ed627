mod convert;
mod providers;
mod tls;

use super::*;

fn parse(text: &str) -> Result<PostgresUrl, PostgresUrlError> {
    PostgresUrl::parse_with(text, |_| None)
}

fn parsed(text: &str) -> PostgresUrl {
    parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn message(text: &str) -> String {
    parse(text).map(|_| ()).expect_err(text).to_string()
}

/// Returns the user, password, hosts and database of a URL.
fn parts(text: &str) -> (String, String, String, String) {
    let url = parsed(text);
    let hosts: Vec<_> = url
        .hosts
        .iter()
        .map(|host| format!("{} {}", host.name, host.port))
        .collect();
    (
        url.user.unwrap_or_default(),
        url.password
            .map(|password| password.expose().clone())
            .unwrap_or_default(),
        hosts.join(", "),
        url.database.unwrap_or_default(),
    )
}

fn assert_parts(text: &str, user: &str, password: &str, hosts: &str, database: &str) {
    let expected = [user, password, hosts, database].map(ToOwned::to_owned);
    let (user, password, hosts, database) = parts(text);
    assert_eq!([user, password, hosts, database], expected, "{text}");
}

/// The expectations are the results of libpq.
#[test]
fn urls_are_split_as_by_libpq() {
    for (text, user, password, hosts, database) in [
        ("postgres://u:p@h/db", "u", "p", "h 5432", "db"),
        ("postgresql://u:p@h:5433/db", "u", "p", "h 5433", "db"),
        ("postgres://h", "", "", "h 5432", ""),
        ("postgres://h:/db", "", "", "h 5432", "db"),
        ("postgres://u@h/db?", "u", "", "h 5432", "db"),
        ("postgres://:p@h/db", "", "p", "h 5432", "db"),
        ("postgres://u:@h/db", "u", "", "h 5432", "db"),
        ("postgres://u:p#w@h/db", "u", "p#w", "h 5432", "db"),
        ("postgres://u:#w@h/db", "u", "#w", "h 5432", "db"),
        ("postgres://u:1234#w@h/db", "u", "1234#w", "h 5432", "db"),
        ("postgres://u:p?w@h/db", "u", "p?w", "h 5432", "db"),
        ("postgres://u:?w@h/db", "u", "?w", "h 5432", "db"),
        ("postgres://u:12?w@h/db", "u", "12?w", "h 5432", "db"),
        ("postgres://u:a:b@h/db", "u", "a:b", "h 5432", "db"),
        ("postgres://u:%23%2F%3F%40%25@h/db", "u", "#/?@%", "h 5432", "db"),
        ("postgres://u:p+w%2B@h/db", "u", "p+w+", "h 5432", "db"),
        ("postgres://h/a/b#c", "", "", "h 5432", "a/b#c"),
        ("postgres://[::1]/db", "", "", "::1 5432", "db"),
        (
            "postgres://u:p@[2001:db8::1]:6000/db",
            "u",
            "p",
            "2001:db8::1 6000",
            "db",
        ),
        ("postgres://u:p@h1:1,h2:2/db", "u", "p", "h1 1, h2 2", "db"),
        ("postgres://h1,h2:5433/db", "", "", "h1 5432, h2 5433", "db"),
        ("postgres://h1:1,h2/db", "", "", "h1 1, h2 5432", "db"),
        ("postgres://h1,[::1]:2,h3/db", "", "", "h1 5432, ::1 2, h3 5432", "db"),
        ("postgres:///db?host=h1,h2&port=1,2", "", "", "h1 1, h2 2", "db"),
        ("postgres:///db?host=h1,h2&port=6000", "", "", "h1 6000, h2 6000", "db"),
        ("postgres://ignored/db?host=h", "", "", "h 5432", "db"),
        (
            "postgres://u:p@/db?host=/run/postgresql",
            "u",
            "p",
            "/run/postgresql 5432",
            "db",
        ),
        (
            "postgres://%2Frun%2Fpostgresql:5433/db",
            "",
            "",
            "/run/postgresql 5433",
            "db",
        ),
        (
            "postgres:///?user=u&password=p&host=h&dbname=db",
            "u",
            "p",
            "h 5432",
            "db",
        ),
        (
            "postgres://h/db?user=ada@tenant&password=a@b",
            "ada@tenant",
            "a@b",
            "h 5432",
            "db",
        ),
        ("postgres:///db?hostaddr=10.0.0.1", "", "", "10.0.0.1 5432", "db"),
        (" postgres://h/db\n", "", "", "h 5432", "db"),
        // More lenient than libpq, which would look for the host `w@h` or `tenant`.
        ("postgres://u:p@w@h/db", "u", "p@w", "h 5432", "db"),
        ("postgres://u@tenant:p@h/db", "u@tenant", "p", "h 5432", "db"),
    ] {
        assert_parts(text, user, password, hosts, database);
    }
}

#[test]
fn malformed_url_is_rejected_with_advice_but_without_values() {
    for (text, advice) in [
        ("postgres://u:hunter/2@h/db", "%2F"),
        ("postgres://u:/hunter2@h/db", "%2F"),
        ("postgres://u:12/hunter2@h/db", "%2F"),
        ("postgres://u:hunter@2/x@h/db", "%2F"),
        ("postgres://u:1?hunter/2@h/db", "%3F"),
        ("postgres://u:h@1?unter2@h/db", "%3F"),
        ("postgres://u:h@1?hunter2=x@h/db", "%3F"),
        ("postgres://u:hunter2", "port"),
        ("postgres://u:hunter2#x/db", "%23"),
        ("postgres://u:hunter2%@h/db", "%25"),
        ("postgres://u:hunter2%zz@h/db", "%25"),
        ("postgres://u:hunter2%00@h/db", "%25"),
        ("postgres://u:hunter2%FF@h/db", "%25"),
        ("postgres://h/hunter2%", "%25"),
        ("postgres://u:hunter2@h:0/db", "1 to 65535"),
        ("postgres://u:hunter2@h:65536/db", "1 to 65535"),
        ("postgres://u:hunter2@h:+1/db", "1 to 65535"),
        ("postgres://u:hunter2@[::1/db", "[::1]"),
        ("postgres://u:hunter2@[]/db", "[::1]"),
        ("postgres://u:hunter2@[::1]x/db", "[::1]"),
        ("postgres://u:hunter2@a b/db", "host name"),
        ("postgres://u:hunter2@a#b/db", "host name"),
        ("postgres://u:hunter2@h/db?hunter2", "name=value"),
        ("postgres://u:hunter2@h/db?=hunter2", "name=value"),
        ("postgres://u:hunter2@h/db?hunter2!=x", "name=value"),
        (
            "postgres://u:hunter2@h/db?surprise=hunter2",
            "`surprise` is not supported",
        ),
        (
            "postgres://u:hunter2@h1,h2/db?port=1,2,3",
            "3 ports do not match 2 hosts",
        ),
        ("postgres://u:hunter2@h/db?host=x&hostaddr=10.0.0.1", "either"),
        ("postgres:///db?hostaddr=hunter2", "an IP address"),
        ("postgres://u:hun\nter2@h/db", "control character"),
        ("mysql://u:hunter2@h/db", "must begin with"),
        ("postgresql+asyncpg://u:hunter2@h/db", "without a driver name"),
        (
            "jdbc:postgresql://h/db?user=u&password=hunter2",
            "without a driver name",
        ),
        ("postgres:/h/db", "must begin with"),
        ("host=h dbname=db password=hunter2", "must begin with"),
        ("", "must begin with"),
    ] {
        let message = message(text);
        assert!(message.contains(advice), "{text}: {message}");
        assert!(!message.contains("hunter"), "{text}: {message}");
    }
}

#[test]
fn unenforceable_parameter_is_rejected() {
    for parameter in [
        "channel_binding=require",
        "gssencmode=require",
        "sslmode=no-verify",
        "sslmode=",
        "sslmode=REQUIRE",
        "ssl=false",
        "sslrootcert=system&sslmode=require",
        "sslcert=/c.pem",
        "sslkey=/k.pem",
        "sslcrl=/crl.pem",
        "sslpassword=hunter2",
        "require_auth=scram-sha-256",
        "requirepeer=postgres",
        "service=main",
        "ssl_min_protocol_version=TLSv1.3",
        "client_encoding=LATIN1",
        "target_session_attrs=standby",
        "target_session_attrs=prefer-standby",
        "target_session_attrs=read-only",
        "target_session_attrs=hunter2",
        "load_balance_hosts=sometimes",
        "connect_timeout=soon",
        "statement-cache-capacity=-1",
        "pgbouncer=hunter2",
        "schema=hunter2",
        "replication=database",
    ] {
        let message = message(&format!("postgres://u@h/db?{parameter}"));
        let name = parameter.split(['=', '&']).next().unwrap_or_default();
        let name = if name == "sslrootcert" { "sslmode" } else { name };
        assert!(message.contains(&format!("`{name}`")), "{parameter}: {message}");
        assert!(!message.contains("hunter2"), "{parameter}: {message}");
    }
}

#[test]
fn parameters_have_the_meaning_of_libpq() {
    let url = |parameters: &str| parsed(&format!("postgres://u@h/db?{parameters}"));
    for mode in SslMode::ALL {
        assert_eq!(url(&format!("sslmode={}", mode.name())).tls.mode, mode);
    }
    assert_eq!(url("ssl=true").tls.mode, SslMode::Require);
    assert_eq!(url("ssl-mode=verify-ca").tls.mode, SslMode::VerifyCa);
    assert_eq!(url("sslrootcert=system").tls.mode, SslMode::VerifyFull);
    assert_eq!(
        url("sslmode=disable&sslmode=require").tls.mode,
        SslMode::Require,
        "the last value is used"
    );
    let seconds = |parameters| url(parameters).connect_timeout().map(|timeout| timeout.as_secs());
    let timeouts = ["connect_timeout=7", "connect_timeout=0", "connect_timeout=-1", ""].map(seconds);
    assert_eq!(timeouts, [Some(7), None, None, None]);
    assert_eq!(url("target_session_attrs=primary").target, TargetSessionAttrs::Primary);
    assert_eq!(url("").target, TargetSessionAttrs::Any);
    assert_eq!(parsed("postgres://a,b/db").target, TargetSessionAttrs::ReadWrite);
    assert_eq!(
        parsed("postgres://a,b/db?target_session_attrs=any").target,
        TargetSessionAttrs::Any
    );
    assert!(url("load_balance_hosts=random").is_load_balanced() && !url("").is_load_balanced());
    assert!(url("pgbouncer=true").is_transaction_pooled() && !url("pgbouncer=false").is_transaction_pooled());
}

#[test]
fn ignored_parameters_are_listed_as_warnings() {
    let warnings = |parameters: &str| parsed(&format!("postgres://u@h/db?{parameters}")).warnings();
    let keepalives = warnings("keepalives_idle=30&supa=hunter2&keepalives_idle=40");
    assert_eq!(keepalives.len(), 2, "{keepalives:?}");
    assert!(keepalives[0].contains("`supa`") && keepalives[1].contains("`keepalives_idle`"));
    assert!(!keepalives[0].contains("hunter2"));
    assert_eq!(warnings("gssencmode=disable&channel_binding=prefer&sslsni=1"), [""; 0]);
    assert_eq!(warnings("sslmode=verify-full&sslrootcert=/ca.pem"), [""; 0]);
    assert_eq!(warnings("sslmode=require"), [""; 0]);
    assert!(warnings("sslmode=require&sslrootcert=/ca.pem")[0].contains("verify-full"));
}

#[test]
fn environment_variables_set_missing_parameters() {
    let variables = |name: &str| {
        let values = [
            ("PGUSER", "eve"),
            ("PGPASSWORD", "hunter2"),
            ("PGHOST", "elsewhere"),
            ("PGHOSTADDR", ""),
            ("PGPORT", "6000"),
            ("PGSSLMODE", "require"),
        ];
        values
            .iter()
            .find(|(variable, _)| *variable == name)
            .map(|(_, value)| (*value).to_owned())
    };
    let shown = |text| PostgresUrl::parse_with(text, variables).expect(text).to_string();
    assert_eq!(
        shown("postgres://"),
        "postgres://eve:***@elsewhere:6000?sslmode=require"
    );
    assert_eq!(
        shown("postgres://ada:pw@db:1/app?sslmode=disable"),
        "postgres://ada:***@db:1/app?sslmode=disable"
    );
    let invalid = |name: &str| (name == "PGSSLMODE").then(|| "hunter2".to_owned());
    let message = PostgresUrl::parse_with("postgres://h", invalid)
        .expect_err("an invalid mode")
        .to_string();
    assert!(
        message.contains("`PGSSLMODE`") && !message.contains("hunter2"),
        "{message}"
    );
}

#[test]
fn display_and_debug_show_no_secrets() {
    for (text, shown) in [
        ("postgresql://ada:hunter2@db/app", "postgres://ada:***@db:5432/app"),
        ("postgres://ada:#hunter2@db/app", "postgres://ada:***@db:5432/app"),
        ("postgres://ada:1#hunter2@db/app", "postgres://ada:***@db:5432/app"),
        ("postgres://ada:?hunter2@db/app", "postgres://ada:***@db:5432/app"),
        ("postgres://ada:x@hunter2@db/app", "postgres://ada:***@db:5432/app"),
        ("postgres://db/app?password=hunter2", "postgres://:***@db:5432/app"),
        ("postgres://ada@db/app", "postgres://ada@db:5432/app"),
        (
            "postgres://db/app?options=-c%20x.y%3Dhunter2&application_name=hunter2",
            "postgres://db:5432/app?options=***",
        ),
        (
            "postgres://db/app?options[x.y]=hunter2",
            "postgres://db:5432/app?options=***",
        ),
        ("postgres://db/app?keepalives=hunter2", "postgres://db:5432/app"),
        (
            "postgres://[::1],%2Frun%2Fpg/app?sslmode=verify-ca&sslrootcert=/ca.pem",
            "postgres://[::1]:5432,%2Frun%2Fpg:5432/app?sslmode=verify-ca&sslrootcert=/ca.pem&target_session_attrs=read-write",
        ),
        (
            "postgres://db/app?sslkey=-----BEGIN%20hunter2&sslcert=/c.pem",
            "postgres://db:5432/app?sslcert=/c.pem&sslkey=***",
        ),
    ] {
        let url = parsed(text);
        assert_eq!(url.to_string(), shown);
        assert!(!format!("{url:?} {:?}", url.warnings()).contains("hunter2"), "{url:?}");
    }
}
