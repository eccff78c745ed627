//! The grammar of connection URLs: libpq's, which is not that of other URLs.
//!
//! `postgresql://[user[:password]@][host[:port]][,...][/database][?name=value[&...]]`, where `#` has no meaning. This
//! is more lenient in two points where libpq's reading can never connect: an unescaped `@` in a user name or password,
//! and an unescaped `=` in the value of a parameter.

use super::PostgresUrlError as Error;

/// The parameters whose values may contain an unescaped `@`.
const MAY_HAVE_AT: [&str; 4] = ["user", "password", "application_name", "options"];

/// The pairs of names and values that a URL stands for. Where a name occurs more than once, the last one counts.
pub(super) type Pairs = Vec<(String, String)>;

/// Splits a URL into the parameters that it stands for.
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

/// Whether this is a URL of PostgreSQL for a certain driver, such as `postgresql+asyncpg://` or `jdbc:postgresql://`.
fn names_driver(text: &str) -> bool {
    text.split_once("://")
        .is_some_and(|(scheme, _)| scheme.contains("postgres"))
}

/// Takes the user name and password off the beginning. As in libpq they end at the first `@` that no `/` precedes;
/// further ones up to the end of the host belong to them, because no host has one.
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

/// Takes the hosts and ports off the beginning.
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
        // A password with `?`, `=` and a second `@` gets here in pieces, whose names are not to be shown.
        if value.contains('@') && !MAY_HAVE_AT.contains(&name) {
            return Err(Error::Query);
        }
        pairs.push((
            decode(name, "name of a parameter")?,
            decode(value, "value of a parameter")?,
        ));
    }
    Ok(())
}

/// Resolves the escapes of a part. A `+` is no blank, and as in libpq there is no NUL.
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

/// Writes a part so that it can be read back.
pub(super) fn encode(text: &str) -> String {
    use std::fmt::Write as _;

    let mut encoded = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_alphanumeric() || "-._~".contains(character) {
            encoded.push(character);
        } else {
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                // Writing to a string does not fail.
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}
