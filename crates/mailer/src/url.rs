//! How mail goes, as a URL.

use std::{fmt, path::PathBuf, str::FromStr};

use vestibule_domain::Secret;

use crate::smtp_url::{ParseSmtpUrlError, SmtpUrl};

/// How mail goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailUrl {
    /// To standard error, for development.
    Log,
    /// Into a folder, a file each (RFC 5322), for tests.
    File(PathBuf),
    /// To a mail server.
    Smtp(SmtpUrl),
}

/// Why a text is not a way to send mail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseMailUrlError {
    /// The scheme is unknown, or nothing follows it.
    #[error("not a way to send mail")]
    UnknownScheme,
    /// The URL of a mail server is wrong.
    #[error(transparent)]
    Smtp(#[from] ParseSmtpUrlError),
}

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
            Some(("smtp" | "smtps", rest)) if rest.starts_with("//") => {
                Ok(Self::Smtp(SmtpUrl::parse(&Secret::new(text.to_owned()))?))
            }
            _ => Err(ParseMailUrlError::UnknownScheme),
        }
    }
}

/// Without a password.
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
