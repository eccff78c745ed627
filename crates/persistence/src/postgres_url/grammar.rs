//! The grammar of connection URLs, which is libpq's and differs from other URLs.
//!
//! `postgresql://[user[:password]@][host[:port]][,...][/database][?name=value[&...]]`, where `#` has no meaning. The
//! parser is more lenient than libpq in two cases in which libpq could never connect: an `@` in a user name or
//! password, and an `=` in the value of a parameter, that are not percent-encoded.

use super::PostgresUrlError as Error;

/// The parameters whose values may contain an `@` that is not percent-encoded.
const MAY_CONTAIN_AT: [&str; 4] = ["user", "password", "application_name", "options"];

/// The names and values of parameters. If a name occurs more than once, the last value is used.
pub(super) type Pairs = Vec<(String, String)>;

/// Splits a URL into parameters.
pub(super) fn parse(text: &str) -> Result<Pairs, Error> {
    let text = text.trim();
    if text.contains(char::is_control) {
        return Err(Error::Control);
    }
    let rest = ["postgres://", "postgresql://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme))
        .ok_or_else(|| Error::Scheme {
            names_driver: names_driver(text),
        })?;
    let mut pairs = Pairs::new();
    let rest = credentials(rest, &mut pairs)?;
    let rest = hosts(rest, &mut pairs)?;
    let (database, query) = match rest.split_once('?') {
        Some((database, query)) => (database, Some(query)),
        None => (rest, None),
    };
    if database.contains('@') {
        return Err(Error::Slash);
    }
    if let Some(name) = database.strip_prefix('/')
        && !name.is_empty()
    {
        pairs.push(("dbname".to_owned(), decode(name, "database name")?));
    }
    if let Some(query) = query {
        parse_query(query, &mut pairs)?;
    }
    Ok(pairs)
}

/// Returns whether the scheme names a driver, such as `postgresql+asyncpg://` or `jdbc:postgresql://`.
fn names_driver(text: &str) -> bool {
    text.split_once("://")
        .is_some_and(|(scheme, _)| scheme.contains("postgres"))
}

/// Parses the user name and password, and returns the rest. As in libpq they end at the first `@` that no `/` precedes;
/// any further `@` up to the end of the host is part of them, because host names contain no `@`.
fn credentials<'a>(text: &'a str, pairs: &mut Pairs) -> Result<&'a str, Error> {
    let Some(at) = text.find(['@', '/']).filter(|at| text[*at..].starts_with('@')) else {
        return Ok(text);
    };
    let authority = text[at..].find(['/', '?']).map_or(text.len(), |end| at + end);
    let at = text[..authority].rfind('@').unwrap_or(at);
    let (user, password) = match text[..at].split_once(':') {
        Some((user, password)) => (user, password),
        None => (&text[..at], ""),
    };
    for (name, value, part) in [("user", user, "user name"), ("password", password, "password")] {
        if !value.is_empty() {
            pairs.push((name.to_owned(), decode(value, part)?));
        }
    }
    Ok(&text[at + 1..])
}

/// Parses the hosts and ports, and returns the rest.
fn hosts<'a>(text: &'a str, pairs: &mut Pairs) -> Result<&'a str, Error> {
    let (mut hosts, mut ports) = (String::new(), String::new());
    let mut rest = text;
    loop {
        let host;
        if let Some(bracketed) = rest.strip_prefix('[') {
            (host, rest) = bracketed.split_once(']').ok_or(Error::Ipv6)?;
            if host.is_empty() || !(rest.is_empty() || rest.starts_with([':', '/', '?', ','])) {
                return Err(Error::Ipv6);
            }
        } else {
            (host, rest) = split_before(rest, &[':', '/', '?', ',']);
        }
        hosts.push_str(host);
        if let Some(text) = rest.strip_prefix(':') {
            let port;
            (port, rest) = split_before(text, &['/', '?', ',']);
            ports.push_str(port);
        }
        let Some(text) = rest.strip_prefix(',') else { break };
        rest = text;
        hosts.push(',');
        ports.push(',');
    }
    if !hosts.is_empty() {
        pairs.push(("host".to_owned(), decode(&hosts, "host")?));
    }
    if !ports.is_empty() {
        pairs.push(("port".to_owned(), decode(&ports, "port")?));
    }
    Ok(rest)
}

fn split_before<'a>(text: &'a str, ends: &[char]) -> (&'a str, &'a str) {
    text.split_at(text.find(ends).unwrap_or(text.len()))
}

fn parse_query(query: &str, pairs: &mut Pairs) -> Result<(), Error> {
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        let (name, value) = parameter.split_once('=').ok_or(Error::Query)?;
        // The name may be a piece of a password with `?`, `=` and a second `@`, so an error must not show it.
        if value.contains('@') && !MAY_CONTAIN_AT.contains(&name) {
            return Err(Error::Query);
        }
        pairs.push((decode(name, "parameter name")?, decode(value, "parameter value")?));
    }
    Ok(())
}

/// Decodes the percent-encoding of a part. A `+` is not a space, and as in libpq NUL is invalid.
fn decode(text: &str, part: &'static str) -> Result<String, Error> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16));
        let code = digit().zip(digit()).map(|(high, low)| high * 16 + low);
        let code = code.and_then(|code| u8::try_from(code).ok()).filter(|code| *code != 0);
        bytes.push(code.ok_or(Error::Escape(part))?);
    }
    String::from_utf8(bytes).map_err(|_| Error::Escape(part))
}

/// Percent-encodes a part.
pub(super) fn encode(text: &str) -> String {
    use std::fmt::Write as _;

    let mut encoded = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_alphanumeric() || "-._~".contains(character) {
            encoded.push(character);
        } else {
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                // Writing to a string cannot fail.
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}
