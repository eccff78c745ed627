//! Rows of a file of users.

use std::io::{self, BufRead};

use chrono::{DateTime, NaiveDateTime};
use serde_json::{Map, Value};
use vestibule_domain::{
    DisplayName, EmailAddress, PasswordHash, RoleName, Timestamp, to_microseconds, users::ImportUser,
};
use vestibule_schema::parse_time;

/// The members of a row.
const MEMBERS: [&str; 5] = ["email", "password_hash", "display_name", "roles", "created_at"];

/// A row as it stands there.
struct Row {
    email: String,
    password_hash: Option<String>,
    display_name: Option<String>,
    roles: Option<Vec<String>>,
    created_at: Option<String>,
}

/// Why a row cannot be taken.
pub(super) struct Wrong {
    /// The address, where there is a valid one. Anything else may be a hash in the wrong column.
    pub(super) email: String,
    /// What is wrong, without repeating a value: any of them may be a password or a hash.
    pub(super) reason: String,
}

type Parsed = (u64, Result<ImportUser, Wrong>);

/// Reads users from JSON, one object a line, where the first line begins like one, else from CSV (RFC 4180).
pub(super) fn read<'a>(mut file: impl BufRead + 'a) -> io::Result<Box<dyn Iterator<Item = Parsed> + 'a>> {
    let is_json = file.fill_buf()?.trim_ascii_start().starts_with(b"{");
    Ok(if is_json {
        Box::new(json_lines(file))
    } else {
        Box::new(csv_lines(file))
    })
}

fn json_lines(file: impl BufRead) -> impl Iterator<Item = Parsed> {
    let lines = file.lines().zip(1..);
    lines
        .filter(|(text, _)| text.as_ref().map_or(true, |text| !text.trim().is_empty()))
        .map(|(text, line)| {
            let value = text
                .map_err(|error| error.to_string())
                .and_then(|text| serde_json::from_str(&text).map_err(|_| "is not a JSON object".to_owned()));
            (line, value.map_err(nobody).and_then(parse))
        })
}

fn csv_lines(file: impl BufRead) -> impl Iterator<Item = Parsed> {
    let mut reader = csv::Reader::from_reader(file);
    let names: Vec<String> = reader
        .headers()
        .map(|names| names.iter().map(|name| name.trim().to_owned()).collect())
        .unwrap_or_default();
    reader.into_records().map(move |record| match record {
        Ok(record) => {
            let line = record.position().map_or(0, csv::Position::line);
            let members = names.iter().zip(record.iter()).filter(|(_, text)| !text.is_empty());
            let object: Map<_, _> = members.map(|(name, text)| (name.clone(), member(name, text))).collect();
            (line, parse(Value::Object(object)))
        }
        Err(error) => {
            let line = error.position().map_or(0, csv::Position::line);
            (line, Err(nobody(error.to_string())))
        }
    })
}

/// Names of roles have blanks or semicolons between.
fn member(name: &str, text: &str) -> Value {
    if name == "roles" {
        let names = text.split([' ', ';']).filter(|name| !name.is_empty());
        names.collect::<Vec<_>>().into()
    } else {
        text.into()
    }
}

fn nobody(reason: String) -> Wrong {
    Wrong {
        email: String::new(),
        reason,
    }
}

fn parse(value: Value) -> Result<ImportUser, Wrong> {
    let email = value["email"]
        .as_str()
        .filter(|email| EmailAddress::parse(email).is_ok());
    let email = email.unwrap_or_default().to_owned();
    row(value).and_then(convert).map_err(|reason| Wrong { email, reason })
}

/// Checks the members of an object. serde's own errors repeat names and values.
fn row(value: Value) -> Result<Row, String> {
    let Value::Object(mut object) = value else {
        return Err("is not a JSON object".to_owned());
    };
    if let Some(name) = object.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
        return Err(unknown_member(name, object.contains_key("email")));
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
    })
}

fn text(object: &mut Map<String, Value>, name: &str) -> Result<Option<String>, String> {
    match object.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("{name} must be a string")),
    }
}

/// Names the member only where it looks like a name. Without a header, the first user's values are the names.
fn unknown_member(name: &str, has_email: bool) -> String {
    let members = MEMBERS.join(", ");
    let is_name = name.len() <= 40 && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    if !has_email {
        format!("there is no member email; the first line of a CSV file must name the columns, which can be {members}")
    } else if is_name {
        format!("unknown field `{name}`, expected one of {members}")
    } else {
        format!("there is an unknown field, expected {members}")
    }
}

fn convert(row: Row) -> Result<ImportUser, String> {
    let Row {
        email,
        password_hash,
        display_name,
        roles,
        created_at,
    } = row;
    let roles = match roles.filter(|roles| !roles.is_empty()) {
        Some(names) => names
            .iter()
            .map(|name| name.parse().map_err(|error| format!("the name of a role {error}")))
            .collect::<Result<_, _>>()?,
        None => vec![RoleName::MEMBER],
    };
    let time = |text: String| parse_moment(&text).ok_or("created_at is no time");
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
    })
}

/// RFC 3339; or as databases print times: with a blank, with a short offset, or without one, in UTC.
fn parse_moment(text: &str) -> Option<Timestamp> {
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

    fn all(text: &str) -> Vec<(u64, Result<String, String>)> {
        let rows = read(text.as_bytes()).expect("read");
        rows.map(|(line, parsed)| {
            let shown = parsed.map(|person| {
                let roles: Vec<_> = person.roles.iter().map(RoleName::as_str).collect();
                let name = person.display_name.as_ref().map_or("", DisplayName::as_str);
                let at = person.created_at.map(|at| at.to_rfc3339()).unwrap_or_default();
                let hash = person.password_hash.is_some();
                format!("{} {hash} {name} {} {at}", person.email.as_str(), roles.join("+"))
            });
            (
                line,
                shown.map_err(|wrong| format!("{}: {}", wrong.email, wrong.reason)),
            )
        })
        .collect()
    }

    #[test]
    fn csv_and_json_say_the_same() {
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
        assert_eq!(all(csv), [(2, Ok(ada.to_owned())), (3, Ok(grace.to_owned()))]);
        assert_eq!(all(json), [(1, Ok(ada.to_owned())), (3, Ok(grace.to_owned()))]);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let told = all("email,age\nada,1\nada@example.com,\ngrace@example.com\n");
        let wrong = |n: usize| told[n].1.as_ref().expect_err("wrong").as_str();
        assert!(wrong(0).starts_with(": unknown field `age`"), "{told:?}");
        assert_eq!((told[1].0, told[1].1.is_ok()), (3, true));
        assert!(
            told[2].0 == 4 && wrong(2).contains("found record with 1 fields"),
            "{told:?}"
        );
        let told = all("{\"email\":1}\n[]\n{\"email\":\"a@b.c\",\"created_at\":\"soon\"}\n{}");
        assert_eq!(told.iter().filter(|row| row.1.is_err()).count(), 4, "{told:?}");
    }

    #[test]
    fn values_are_never_repeated() {
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
            let told = all(text);
            assert!(told.iter().all(|(_, row)| row.is_err()) && !told.is_empty(), "{text}");
            assert!(!format!("{told:?}").contains("hunter"), "{told:?}");
        }
    }

    #[test]
    fn times_are_read_as_databases_print_them() {
        let expected = parse_time("2020-01-02T03:04:05.5Z");
        for text in [
            "2020-01-02T03:04:05.5Z",
            "2020-01-02 03:04:05.5",
            "2020-01-02 05:04:05.500+02",
            "2020-01-02T03:04:05.500000+00:00",
        ] {
            assert_eq!(parse_moment(text), expected, "{text}");
        }
        assert_eq!(parse_moment("yesterday"), None);
    }
}
