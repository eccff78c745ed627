//! Parsing of CSV and JSON files of users.

use std::{io::BufRead, str};

use chrono::{DateTime, NaiveDateTime};
use serde_json::{Map, Value};
use vestibule_domain::{
    DisplayName, EmailAddress, PasswordHash, RoleName, Timestamp, TotpSecret, to_microseconds, users::ImportUser,
};
use vestibule_schema::parse_time;

use crate::CommandError;

/// The encoded U+FEFF with which some programs start a UTF-8 file.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The separators of columns in CSV files.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// The fields of a row.
const FIELDS: [&str; 6] = [
    "email",
    "password_hash",
    "display_name",
    "roles",
    "created_at",
    "totp_secret",
];

/// A row whose values are not validated yet.
struct Row {
    email: String,
    password_hash: Option<String>,
    display_name: Option<String>,
    roles: Option<Vec<String>>,
    created_at: Option<String>,
    totp_secret: Option<String>,
}

/// The error of an invalid row.
pub(super) struct RowError {
    /// The email address if it is valid, otherwise empty: an invalid one may be a hash in the wrong column.
    pub(super) email: String,
    /// The reason, without any value of the row: each may be a password or a hash.
    pub(super) reason: String,
}

/// The line of a row, and the parsed user or the error.
type Parsed = (u64, Result<ImportUser, RowError>);

/// Reads one JSON object per line if the file starts with `{`, otherwise CSV with a header (RFC 4180), with commas,
/// semicolons or tabs between the columns.
///
/// # Errors
/// The file is not UTF-8 text, or has no such header.
pub(super) fn read<'a>(mut file: impl BufRead + 'a) -> Result<Box<dyn Iterator<Item = Parsed> + 'a>, CommandError> {
    let start = file.fill_buf()?;
    if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") || start.contains(&0) {
        return Err(not_utf_8());
    }
    if start.starts_with(BYTE_ORDER_MARK) {
        file.consume(BYTE_ORDER_MARK.len());
    }
    let is_json = file.fill_buf()?.trim_ascii_start().starts_with(b"{");
    Ok(if is_json {
        Box::new(json_lines(file))
    } else {
        Box::new(csv_lines(file)?)
    })
}

fn not_utf_8() -> CommandError {
    let advice = "the file is not UTF-8; convert it, for example with `iconv -f UTF-16 -t UTF-8`";
    CommandError::Rejected(advice.to_owned())
}

fn json_lines(file: impl BufRead) -> impl Iterator<Item = Parsed> {
    let lines = file.lines().zip(1..);
    lines
        .filter(|(text, _)| text.as_ref().map_or(true, |text| !text.trim().is_empty()))
        .map(|(text, line)| {
            let value = text
                .map_err(|error| error.to_string())
                .and_then(|text| serde_json::from_str(&text).map_err(|_| "is not a JSON object".to_owned()));
            (line, value.map_err(without_email).and_then(parse))
        })
}

fn csv_lines(mut file: impl BufRead) -> Result<impl Iterator<Item = Parsed>, CommandError> {
    let start = file.fill_buf()?;
    let mut lines = start.split_inclusive(|byte| *byte == b'\n');
    let header = lines.find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    let text = str::from_utf8(header).map_err(|_| not_utf_8())?;
    let separator = SEPARATORS.into_iter().find(|separator| has_email(text, *separator));
    let separator = separator.ok_or_else(|| {
        CommandError::Rejected(format!(
            "the first line is not a header with the column email; the columns are {}",
            FIELDS.join(", ")
        ))
    })?;
    // After a CRLF, the reader has not counted the line feed when a record begins.
    let uncounted = u64::from(header.ends_with(b"\r\n"));
    let line_of = move |position: Option<&csv::Position>| position.map_or(0, |position| position.line() + uncounted);
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(file);
    let names: Vec<String> = reader
        .headers()
        .map(|names| names.iter().map(|name| name.trim().to_owned()).collect())
        .unwrap_or_default();
    if let Some(name) = names.iter().find(|name| !FIELDS.contains(&name.as_str())) {
        return Err(CommandError::Rejected(format!(
            "the header has an {}",
            unknown_field(name)
        )));
    }
    Ok(reader.into_records().map(move |record| match record {
        Ok(record) => {
            let line = line_of(record.position());
            let fields = names.iter().zip(record.iter()).filter(|(_, text)| !text.is_empty());
            let object: Map<_, _> = fields
                .map(|(name, text)| (name.clone(), csv_value(name, text)))
                .collect();
            (line, parse(Value::Object(object)))
        }
        Err(error) => {
            let line = line_of(error.position());
            (line, Err(without_email(error.to_string())))
        }
    }))
}

/// Returns whether a header has the column `email`.
fn has_email(header: &str, separator: u8) -> bool {
    let mut names = header.split(char::from(separator));
    names.any(|name| name.trim().trim_matches('"') == "email")
}

/// Converts a CSV field to JSON. Role names are separated by spaces or semicolons.
fn csv_value(name: &str, text: &str) -> Value {
    if name == "roles" {
        let names = text.split([' ', ';']).filter(|name| !name.is_empty());
        names.collect::<Vec<_>>().into()
    } else {
        text.into()
    }
}

fn without_email(reason: String) -> RowError {
    RowError {
        email: String::new(),
        reason,
    }
}

fn parse(value: Value) -> Result<ImportUser, RowError> {
    let email = value["email"]
        .as_str()
        .filter(|email| EmailAddress::parse(email).is_ok());
    let email = email.unwrap_or_default().to_owned();
    parse_row(value)
        .and_then(validate)
        .map_err(|reason| RowError { email, reason })
}

/// Checks the fields of an object by hand, because the errors of serde contain names and values.
fn parse_row(value: Value) -> Result<Row, String> {
    let Value::Object(mut object) = value else {
        return Err("is not a JSON object".to_owned());
    };
    if let Some(name) = object.keys().find(|name| !FIELDS.contains(&name.as_str())) {
        return Err(unknown_field(name));
    }
    let email = text(&mut object, "email")?.ok_or("email is missing")?;
    let roles = match object.remove("roles") {
        None | Some(Value::Null) => None,
        Some(Value::Array(names)) => {
            let names = names.into_iter().map(|name| match name {
                Value::String(name) => Ok(name),
                _ => Err("roles must be an array of strings"),
            });
            Some(names.collect::<Result<_, _>>()?)
        }
        Some(_) => return Err("roles must be an array of strings".to_owned()),
    };
    Ok(Row {
        email,
        password_hash: text(&mut object, "password_hash")?,
        display_name: text(&mut object, "display_name")?,
        roles,
        created_at: text(&mut object, "created_at")?,
        totp_secret: text(&mut object, "totp_secret")?,
    })
}

fn text(object: &mut Map<String, Value>, name: &str) -> Result<Option<String>, String> {
    match object.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("{name} must be a string")),
    }
}

/// Returns the error of an unknown field. Names it only if it looks like a name and not like a value.
fn unknown_field(name: &str) -> String {
    let fields = FIELDS.join(", ");
    let is_name = name.len() <= 40 && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    if is_name {
        format!("unknown field `{name}`, expected one of {fields}")
    } else {
        format!("unknown field, expected one of {fields}")
    }
}

fn validate(row: Row) -> Result<ImportUser, String> {
    let Row {
        email,
        password_hash,
        display_name,
        roles,
        created_at,
        totp_secret,
    } = row;
    let roles = match roles.filter(|roles| !roles.is_empty()) {
        Some(names) => names
            .iter()
            .map(|name| name.parse().map_err(|error| format!("a role name {error}")))
            .collect::<Result<_, _>>()?,
        None => vec![RoleName::MEMBER],
    };
    let time = |text: String| parse_created_at(&text).ok_or("created_at is not a valid time");
    Ok(ImportUser {
        email: EmailAddress::parse(&email).map_err(|error| format!("email {error}"))?,
        password_hash: password_hash.filter(|hash| !hash.is_empty()).map(PasswordHash::new),
        display_name: display_name
            .filter(|name| !name.trim().is_empty())
            .map(|name| DisplayName::parse(&name))
            .transpose()
            .map_err(|error| format!("display_name {error}"))?,
        roles,
        email_verified: false,
        created_at: created_at.map(time).transpose()?,
        totp_secret: totp_secret.map(|text| parse_totp_secret(&text)).transpose()?,
    })
}

/// Parses the secret of an authenticator app: in Base32, or the URI of its QR code.
fn parse_totp_secret(text: &str) -> Result<TotpSecret, String> {
    let secret = match text.trim() {
        uri if uri.starts_with("otpauth:") => TotpSecret::parse_uri(uri).map_err(|error| error.to_string()),
        text => TotpSecret::parse(text).map_err(|error| error.to_string()),
    };
    secret.map_err(|error| format!("totp_secret {error}"))
}

/// Parses RFC 3339 and the formats of databases: with a space, and with a short offset or none, which means UTC.
fn parse_created_at(text: &str) -> Option<Timestamp> {
    let text = text.trim().replacen(' ', "T", 1);
    let short = || DateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f%#z").ok();
    let local = || NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f").ok();
    parse_time(&text)
        .or_else(|| short().map(|time| to_microseconds(time.to_utc())))
        .or_else(|| local().map(|time| to_microseconds(time.and_utc())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_all(text: &str) -> Vec<(u64, Result<String, String>)> {
        let rows = match read(text.as_bytes()) {
            Ok(rows) => rows,
            Err(error) => return vec![(0, Err(error.to_string()))],
        };
        rows.map(|(line, parsed)| {
            let formatted = parsed.map(|user| {
                let roles: Vec<_> = user.roles.iter().map(RoleName::as_str).collect();
                let name = user.display_name.as_ref().map_or("", DisplayName::as_str);
                let at = user.created_at.map(|at| at.to_rfc3339()).unwrap_or_default();
                let hash = user.password_hash.is_some();
                format!("{} {hash} {name} {} {at}", user.email.as_str(), roles.join("+"))
            });
            (
                line,
                formatted.map_err(|error| format!("{}: {}", error.email, error.reason)),
            )
        })
        .collect()
    }

    #[test]
    fn csv_and_json_parse_to_the_same_users() {
        let csv = "email,display_name,password_hash,roles,created_at\n\
                   ada@example.com,\"Lovelace, Ada\",$2b$12$x,admin; member,2020-01-02 03:04:05.678\n\
                   grace@example.com,,,,\n";
        let json = concat!(
            "{\"email\":\"ada@example.com\",\"display_name\":\"Lovelace, Ada\",\"password_hash\":\"$2b$12$x\",",
            "\"roles\":[\"admin\",\"member\"],\"created_at\":\"2020-01-02T03:04:05.678Z\"}\n\n",
            "{\"email\":\"grace@example.com\",\"roles\":null}\n"
        );
        let ada = "ada@example.com true Lovelace, Ada admin+member 2020-01-02T03:04:05.678+00:00";
        let grace = "grace@example.com false  member ";
        assert_eq!(parse_all(csv), [(2, Ok(ada.to_owned())), (3, Ok(grace.to_owned()))]);
        assert_eq!(parse_all(json), [(1, Ok(ada.to_owned())), (3, Ok(grace.to_owned()))]);
    }

    #[test]
    fn invalid_rows_are_reported_with_their_line() {
        let rows = parse_all("email,roles\nada,\nada@example.com,\ngrace@example.com\n");
        let error = |n: usize| rows[n].1.as_ref().expect_err("invalid").as_str();
        assert!(error(0).starts_with(": email must be"), "{rows:?}");
        assert_eq!((rows[1].0, rows[1].1.is_ok()), (3, true));
        assert!(
            rows[2].0 == 4 && error(2).contains("found record with 1 fields"),
            "{rows:?}"
        );
        let rows = parse_all("{\"email\":1}\n[]\n{\"email\":\"a@b.c\",\"created_at\":\"soon\"}\n{}");
        assert_eq!(rows.iter().filter(|row| row.1.is_err()).count(), 4, "{rows:?}");
    }

    #[test]
    fn totp_secret_is_base32_or_a_uri() {
        let secret = |text: &str| parse_totp_secret(text).map(|secret| secret.to_base32().expose().clone());
        assert_eq!(secret("gezd gnbv gy3t qojq"), Ok("GEZDGNBVGY3TQOJQ".to_owned()));
        let uri = "otpauth://totp/App:ada?secret=GEZDGNBVGY3TQOJQ&issuer=App";
        assert_eq!(secret(uri), Ok("GEZDGNBVGY3TQOJQ".to_owned()));
        for invalid in ["", "secret", "otpauth://totp/App:ada?secret=GEZDGNBVGY3TQOJQ&digits=8"] {
            assert!(
                secret(invalid).is_err_and(|error| error.starts_with("totp_secret must")),
                "{invalid}"
            );
        }
    }

    #[test]
    fn separators_and_byte_order_mark_are_detected() {
        for text in [
            "\nemail,display_name\nada@example.com,\"Ada, L.\"\n",
            "email;display_name\nada@example.com;Ada, L.\n",
            "email\tdisplay_name\nada@example.com\tAda, L.\n",
            "\u{feff}\"email\",display_name\r\nada@example.com,\"Ada, L.\"\r\n",
        ] {
            let ada = "ada@example.com false Ada, L. member ";
            let line = if text.starts_with('\n') { 3 } else { 2 };
            assert_eq!(parse_all(text), [(line, Ok(ada.to_owned()))], "{text}");
        }
    }

    /// A fault of the whole file is one error, and not one for each row.
    #[test]
    fn file_without_a_valid_header_is_one_error() {
        for (text, reason) in [
            ("ada@example.com,Ada\ngrace@example.com,Grace\n", "the column email"),
            (
                "email,age\nada@example.com,1\ngrace@example.com,\n",
                "unknown field `age`",
            ),
            ("e\0m\0a\0i\0l\0", "not UTF-8"),
            ("\n\n", "the column email"),
        ] {
            let rows = parse_all(text);
            let [(0, Err(error))] = rows.as_slice() else {
                panic!("{rows:?}")
            };
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn errors_contain_no_values() {
        for text in [
            "ada@example.com,$2b$12$hunter\ngrace@example.com,$2b$12$hunter\n",
            "ada@example.com,hunter\ngrace@example.com,hunter\n",
            "email,password_hash,$2b$12$hunter\nada@example.com,,x\n",
            "password_hash,email\nada@example.com,$2b$12$hunter\n",
            "email,created_at\nada@example.com,hunter\n",
            "email,roles\nada@example.com,$2b$12$hunter\n",
            "email,display_name\nada@example.com,\"hunter\u{7}\"\n",
            "email,password_hash\nada@example.com,x,hunter\n",
            "{\"email\":\"ada@example.com\",\"$hunter\":1}\n",
            "{\"email\":\"ada@example.com\",\"roles\":\"hunter\"}\n",
            "{\"email\":\"ada@example.com\",\"roles\":[{\"hunter\":\"hunter\"}]}\n",
            "{\"email\":\"ada@example.com\",\"password_hash\":[\"hunter\"]}\n",
            "{\"email\":{\"hunter\":1}}\n",
            "{\"email\":\"hunter\"}\n",
            "{\"email\":\"ada@example.com\" hunter}\n",
        ] {
            let rows = parse_all(text);
            assert!(rows.iter().all(|(_, row)| row.is_err()) && !rows.is_empty(), "{text}");
            assert!(!format!("{rows:?}").contains("hunter"), "{rows:?}");
        }
    }

    #[test]
    fn created_at_accepts_formats_of_databases() {
        let expected = parse_time("2020-01-02T03:04:05.5Z");
        for text in [
            "2020-01-02T03:04:05.5Z",
            "2020-01-02 03:04:05.5",
            "2020-01-02 05:04:05.500+02",
            "2020-01-02T03:04:05.500000+00:00",
        ] {
            assert_eq!(parse_created_at(text), expected, "{text}");
        }
        assert_eq!(parse_created_at("yesterday"), None);
    }
}
