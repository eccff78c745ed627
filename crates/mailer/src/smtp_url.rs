//! The URL of a mail server.

use std::{borrow::Cow, fmt};

use percent_encoding::percent_decode_str;
use url::{Host, Url};
use vestibule_domain::Secret;

use crate::ehlo_name::EhloName;

const SMTP_PORT: u16 = 25;
const SUBMISSION_PORT: u16 = 587;
const SUBMISSIONS_PORT: u16 = 465;

/// The URL of a mail server: `smtp://` or `smtps://`, with a user name and a password where needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpUrl {
    pub(crate) host: String,
    port: Option<u16>,
    pub(crate) tls: TlsMode,
    pub(crate) credentials: Option<SmtpCredentials>,
    ehlo_name: Option<EhloName>,
}

/// A user name and password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SmtpCredentials {
    pub(crate) user: String,
    pub(crate) password: Secret<String>,
}

/// The use of TLS with a mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsMode {
    /// Never.
    None,
    /// With STARTTLS if the server offers it, with any certificate. Protects only from passive eavesdroppers.
    Opportunistic,
    /// With STARTTLS and a valid certificate, or not at all.
    Required,
    /// From the start, with a valid certificate (RFC 8314).
    Implicit,
}

/// The error of parsing an [`SmtpUrl`]. No message repeats the text, which may contain a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseSmtpUrlError {
    /// The host is missing or invalid.
    #[error("the host is missing or invalid")]
    Host,
    /// The port is not a number from 1 to 65535.
    #[error("the port must be a number from 1 to 65535")]
    Port,
    /// A character in the user name or password is not percent-encoded.
    #[error(
        "special characters in the user name or password must be percent-encoded: `#` as %23, `%` as %25, `/` as %2F, \
         `:` as %3A, `?` as %3F, `@` as %40"
    )]
    Credentials,
    /// There is a user name without a password, or a password without a user name.
    #[error("set both a user name and a password, or neither: `smtp://user:password@host`")]
    IncompleteCredentials,
    /// A parameter is unknown.
    #[error("unknown parameter; only `tls` is supported")]
    Parameter,
    /// The value of `tls` is unknown.
    #[error("the parameter `tls` must be `none`, `opportunistic` or `required`")]
    Tls,
    /// The scheme is `smtps`, but `tls` is not `required`.
    #[error("`smtps://` always uses TLS: remove the parameter `tls`, or use `smtp://`")]
    ConflictingTls,
    /// The password could be sent unencrypted.
    #[error(
        "`tls=none` and `tls=opportunistic` could send the password unencrypted: remove the parameter `tls` (STARTTLS \
         is then required), or use `smtps://`"
    )]
    UnencryptedPassword,
    /// The path is not a name for `EHLO`.
    #[error("the path is not a host name for EHLO; set VESTIBULE_MAIL_EHLO_NAME instead")]
    Path,
}

impl SmtpUrl {
    /// Parses a URL such as `smtp://user:password@host:port?tls=required`.
    ///
    /// # Errors
    /// Returns [`ParseSmtpUrlError`] for the first problem found.
    pub fn parse(text: &Secret<String>) -> Result<Self, ParseSmtpUrlError> {
        let text = text.expose();
        let has_at = text.contains('@');
        let url = Url::parse(text).map_err(|error| match error {
            url::ParseError::InvalidPort if has_at => ParseSmtpUrlError::Credentials,
            url::ParseError::InvalidPort => ParseSmtpUrlError::Port,
            _ => ParseSmtpUrlError::Host,
        })?;
        // A `/`, `?` or `#` in the password that is not encoded ends it early, and moves the `@` behind it.
        let rest = [Some(url.path()), url.query(), url.fragment()];
        if rest.iter().flatten().any(|part| part.contains('@')) || url.fragment().is_some() {
            return Err(ParseSmtpUrlError::Credentials);
        }
        let credentials = credentials(&url)?;
        let tls = tls(&url, credentials.is_some())?;
        let port = url.port();
        if port == Some(0) {
            return Err(ParseSmtpUrlError::Port);
        }
        Ok(Self {
            host: host(&url).ok_or(ParseSmtpUrlError::Host)?,
            port,
            tls,
            credentials,
            ehlo_name: ehlo_name(&url)?,
        })
    }

    /// Returns the port. Defaults to 465 with `smtps`, else to 587 with a password, else to 25.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.tls {
            TlsMode::Implicit => SUBMISSIONS_PORT,
            _ if self.credentials.is_some() => SUBMISSION_PORT,
            _ => SMTP_PORT,
        })
    }

    /// Returns the name for `EHLO` in the path, as supported for settings of earlier versions.
    #[must_use]
    pub fn ehlo_name(&self) -> Option<&EhloName> {
        self.ehlo_name.as_ref()
    }

    /// Returns whether the certificate of the server is verified.
    #[must_use]
    pub fn verifies_certificate(&self) -> bool {
        matches!(self.tls, TlsMode::Required | TlsMode::Implicit)
    }
}

/// Returns the host to connect to, in ASCII and without brackets.
fn host(url: &Url) -> Option<String> {
    match url.host()? {
        Host::Ipv4(address) => Some(address.to_string()),
        Host::Ipv6(address) => Some(address.to_string()),
        // In a URL of this scheme the host is percent-encoded where it is not ASCII.
        Host::Domain(name) => {
            let name = percent_decode_str(name).decode_utf8().ok()?;
            let name = idna::domain_to_ascii(&name).ok()?;
            let is_host = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
            (name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(is_host)).then_some(name)
        }
    }
}

fn credentials(url: &Url) -> Result<Option<SmtpCredentials>, ParseSmtpUrlError> {
    let decoded = |text: &str| {
        let mut rest = text.split('%').skip(1);
        let is_encoded = |part: &str| part.len() >= 2 && part.bytes().take(2).all(|b| b.is_ascii_hexdigit());
        if !rest.all(is_encoded) {
            return Err(ParseSmtpUrlError::Credentials);
        }
        let text = percent_decode_str(text).decode_utf8().map(Cow::into_owned);
        text.map_err(|_| ParseSmtpUrlError::Credentials)
    };
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) | (_, None | Some("")) => Err(ParseSmtpUrlError::IncompleteCredentials),
        (user, Some(password)) => Ok(Some(SmtpCredentials {
            user: decoded(user)?,
            password: Secret::new(decoded(password)?),
        })),
    }
}

fn tls(url: &Url, has_password: bool) -> Result<TlsMode, ParseSmtpUrlError> {
    let mut tls = None;
    for (name, value) in url.query_pairs() {
        if name != "tls" {
            return Err(ParseSmtpUrlError::Parameter);
        }
        tls = Some(match value.as_ref() {
            "none" => TlsMode::None,
            "opportunistic" => TlsMode::Opportunistic,
            "required" => TlsMode::Required,
            _ => return Err(ParseSmtpUrlError::Tls),
        });
    }
    match (url.scheme(), tls) {
        ("smtps", None | Some(TlsMode::Required)) => Ok(TlsMode::Implicit),
        ("smtps", Some(_)) => Err(ParseSmtpUrlError::ConflictingTls),
        (_, Some(TlsMode::None | TlsMode::Opportunistic)) if has_password => {
            Err(ParseSmtpUrlError::UnencryptedPassword)
        }
        (_, Some(tls)) => Ok(tls),
        (_, None) if has_password => Ok(TlsMode::Required),
        (_, None) => Ok(TlsMode::Opportunistic),
    }
}

fn ehlo_name(url: &Url) -> Result<Option<EhloName>, ParseSmtpUrlError> {
    match url.path().trim_matches('/') {
        "" => Ok(None),
        name => name.parse().map(Some).map_err(|_| ParseSmtpUrlError::Path),
    }
}

/// Formats the URL without its user name and password.
impl fmt::Display for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls == TlsMode::Implicit { "smtps" } else { "smtp" };
        write!(f, "{scheme}://")?;
        if self.host.contains(':') {
            write!(f, "[{}]", self.host)?;
        } else {
            f.write_str(&self.host)?;
        }
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<SmtpUrl, ParseSmtpUrlError> {
        SmtpUrl::parse(&Secret::new(text.to_owned()))
    }

    #[test]
    fn tls_and_port_defaults_depend_on_scheme_and_password() {
        for (text, tls, port) in [
            ("smtp://localhost", TlsMode::Opportunistic, 25),
            ("smtp://localhost:1025", TlsMode::Opportunistic, 1025),
            ("smtp://localhost?tls=none", TlsMode::None, 25),
            ("smtp://localhost/?tls=opportunistic", TlsMode::Opportunistic, 25),
            ("smtp://example.com?tls=required", TlsMode::Required, 25),
            ("smtp://ada:x@example.com", TlsMode::Required, 587),
            ("smtp://ada:x@example.com:2525?tls=required", TlsMode::Required, 2525),
            ("smtps://ada:x@example.com", TlsMode::Implicit, 465),
            ("smtps://example.com?tls=required", TlsMode::Implicit, 465),
        ] {
            let url = parse(text).expect(text);
            assert_eq!((url.tls, url.port()), (tls, port), "{text}");
        }
    }

    #[test]
    fn password_with_optional_tls_is_rejected() {
        for text in [
            "smtp://ada:x@example.com?tls=opportunistic",
            "smtp://ada:x@example.com?tls=none",
            "smtp://ada:x@127.0.0.1?tls=none",
            "smtp://ada:x@localhost:25/?tls=required&tls=opportunistic",
        ] {
            assert_eq!(parse(text), Err(ParseSmtpUrlError::UnencryptedPassword), "{text}");
        }
    }

    #[test]
    fn host_may_be_internationalized_or_ip() {
        for (text, host, shown) in [
            ("smtp://Mail.Example.com", "mail.example.com", "smtp://mail.example.com"),
            (
                "smtp://bücher.example:25",
                "xn--bcher-kva.example",
                "smtp://xn--bcher-kva.example:25",
            ),
            ("smtp://mail_1", "mail_1", "smtp://mail_1"),
            ("smtp://192.0.2.7", "192.0.2.7", "smtp://192.0.2.7"),
            ("smtp://[::1]:25", "::1", "smtp://[::1]:25"),
        ] {
            let url = parse(text).expect(text);
            assert_eq!((url.host.as_str(), url.to_string().as_str()), (host, shown));
        }
    }

    #[test]
    fn credentials_are_percent_decoded_and_never_displayed() {
        let url = parse("smtp://ada%40example.com:p%23%2F%3F%3a%25s@example.com").expect("valid");
        let credentials = url.credentials.as_ref().expect("credentials");
        assert_eq!(credentials.user, "ada@example.com");
        assert_eq!(credentials.password.expose(), "p#/?:%s");
        assert!(!format!("{url:?}{url}").contains("%s"), "{url:?}");
        let at = parse("smtp://ada:p@ss@example.com").expect("the last @ is the one before the host");
        assert_eq!(at.credentials.expect("credentials").password.expose(), "p@ss");
    }

    #[test]
    fn invalid_url_reports_reason() {
        use ParseSmtpUrlError as Error;
        for (text, error) in [
            ("smtp://", Error::Host),
            ("smtp://:25", Error::Host),
            ("smtp://exa mple.com", Error::Host),
            ("smtp://-x", Error::Host),
            ("smtp://example.com:x", Error::Port),
            ("smtp://example.com:0", Error::Port),
            ("smtp://example.com:70000", Error::Port),
            ("smtp://ada:pa#ss@example.com", Error::Credentials),
            ("smtp://ada:pa/ss@example.com", Error::Credentials),
            ("smtp://ada:pa?ss@example.com", Error::Credentials),
            ("smtp://ada:12#ss@example.com", Error::Credentials),
            ("smtp://ada:12/ss@example.com", Error::Credentials),
            ("smtp://ada:12?ss@example.com", Error::Credentials),
            ("smtp://ada:100%@example.com", Error::Credentials),
            ("smtp://ada:%ff@example.com", Error::Credentials),
            ("smtp://ada@example.com", Error::IncompleteCredentials),
            ("smtp://:x@example.com", Error::IncompleteCredentials),
            ("smtp://example.com?ssl=true", Error::Parameter),
            ("smtp://example.com?tls=x", Error::Tls),
            ("smtps://example.com?tls=none", Error::ConflictingTls),
            ("smtp://example.com/a b", Error::Path),
        ] {
            assert_eq!(parse(text).expect_err(text), error, "{text}");
        }
    }
}
