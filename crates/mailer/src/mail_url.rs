//! The URL that selects a transport for email.

use std::{fmt, path::PathBuf, str::FromStr};

use vestibule_domain::Secret;

use crate::smtp_url::{ParseSmtpUrlError, SmtpUrl};

/// The transport for email.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailUrl {
    /// Writes emails to standard error, for development.
    Log,
    /// Writes each email to a file in a folder (RFC 5322), for tests.
    File(PathBuf),
    /// Sends emails to a mail server.
    Smtp(SmtpUrl),
}

/// The error of parsing a [`MailUrl`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseMailUrlError {
    /// The scheme is unknown, or nothing follows it.
    #[error("not a `smtp://`, `smtps://`, `file:` or `log:` URL")]
    UnknownScheme,
    /// The URL of a mail server is invalid.
    #[error(transparent)]
    Smtp(#[from] ParseSmtpUrlError),
}

impl MailUrl {
    /// Returns whether emails are delivered to a server or a folder, and not only logged.
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
            Some(("smtp" | "smtps", rest)) if rest.starts_with("//") => {
                Ok(Self::Smtp(SmtpUrl::parse(&Secret::new(text.to_owned()))?))
            }
            _ => Err(ParseMailUrlError::UnknownScheme),
        }
    }
}

/// Formats the URL without its user name and password.
impl fmt::Display for MailUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Log => f.write_str("log:"),
            Self::File(folder) => write!(f, "file:{}", folder.display()),
            Self::Smtp(url) => url.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_url_displays_without_credentials() {
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
            "smtp:localhost",
            "smtp://",
            "smtp://:25",
            "smtp://example.com:x",
            "smtp://example.com?tls=x",
            "http://example.com",
            "mail.example.com",
        ] {
            assert!(text.parse::<MailUrl>().is_err(), "{text}");
        }
    }
}
