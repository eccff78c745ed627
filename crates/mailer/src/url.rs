//! How mail goes, as a URL.

use std::{fmt, path::PathBuf, str::FromStr};

use lettre::{AsyncSmtpTransport, Tokio1Executor};
use vestibule_domain::Secret;

/// How mail goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailUrl {
    /// To standard error, for development.
    Log,
    /// Into a folder, a file each (RFC 5322), for tests.
    File(PathBuf),
    /// To a mail server, by a URL of lettre, which may hold a password.
    Smtp(Secret<String>),
}

/// It is none of the ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a way to send mail")]
pub struct ParseMailUrlError;

impl MailUrl {
    /// Whether mail leaves the machine, or would if there were no folder in between.
    #[must_use]
    pub const fn sends(&self) -> bool {
        !matches!(self, Self::Log)
    }
}

impl FromStr for MailUrl {
    type Err = ParseMailUrlError;

    fn from_str(text: &str) -> Result<Self, ParseMailUrlError> {
        match text.split_once(':') {
            Some(("log", "")) => Ok(Self::Log),
            Some(("file", path)) if !path.is_empty() => {
                Ok(Self::File(PathBuf::from(path.strip_prefix("//").unwrap_or(path))))
            }
            Some(("smtp", rest)) if names_a_host(rest) => smtp(with_tls(text)),
            Some(("smtps", rest)) if names_a_host(rest) => smtp(text.to_owned()),
            _ => Err(ParseMailUrlError),
        }
    }
}

fn smtp(url: String) -> Result<MailUrl, ParseMailUrlError> {
    match AsyncSmtpTransport::<Tokio1Executor>::from_url(&url) {
        Ok(_) => Ok(MailUrl::Smtp(Secret::new(url))),
        Err(_) => Err(ParseMailUrlError),
    }
}

fn names_a_host(rest: &str) -> bool {
    let authority = rest.strip_prefix("//").unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    host.starts_with(|c: char| c.is_alphanumeric() || c == '[')
}

/// STARTTLS when the server offers it; with a password, never without.
fn with_tls(url: &str) -> String {
    let tls = if url.contains('@') { "required" } else { "opportunistic" };
    match url.split_once('?') {
        Some((_, query)) if query.contains("tls=") => url.to_owned(),
        Some((_, _)) => format!("{url}&tls={tls}"),
        None => format!("{url}?tls={tls}"),
    }
}

/// Without a password.
impl fmt::Display for MailUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Log => f.write_str("log:"),
            Self::File(folder) => write!(f, "file:{}", folder.display()),
            Self::Smtp(url) => {
                let (scheme, rest) = url.expose().split_once("://").unwrap_or_default();
                let host = rest.rsplit('@').next().unwrap_or_default();
                write!(f, "{scheme}://{}", host.split('?').next().unwrap_or_default())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ways_are_told_apart_and_shown_without_a_password() {
        for (text, shown) in [
            ("log:", "log:"),
            ("file:var/mail", "file:var/mail"),
            ("file:///var/mail", "file:/var/mail"),
            ("smtp://localhost:1025", "smtp://localhost:1025"),
            ("smtp://ada:secret@mail.example.com", "smtp://mail.example.com"),
            (
                "smtps://ada:secret@mail.example.com:465",
                "smtps://mail.example.com:465",
            ),
        ] {
            let url: MailUrl = text.parse().expect(text);
            assert_eq!(url.to_string(), shown);
        }
        for text in [
            "",
            "log",
            "log:x",
            "file:",
            "smtp:",
            "smtp://",
            "smtp://example.com:x",
            "smtp://example.com?tls=x",
            "http://example.com",
            "mail.example.com",
        ] {
            assert_eq!(text.parse::<MailUrl>(), Err(ParseMailUrlError), "{text}");
        }
    }

    #[test]
    fn a_password_never_travels_in_the_open() {
        let url = |text: &str| match text.parse() {
            Ok(MailUrl::Smtp(url)) => url.expose().clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(url("smtp://localhost"), "smtp://localhost?tls=opportunistic");
        assert_eq!(url("smtp://ada:x@example.com"), "smtp://ada:x@example.com?tls=required");
        assert_eq!(url("smtps://ada:x@example.com"), "smtps://ada:x@example.com");
    }
}
