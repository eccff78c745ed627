//! Settings of mail: the transport, the sender and TLS.

use std::{fs, path::PathBuf, time::Duration};

use vestibule_domain::Secret;
use vestibule_mailer::{CaCertificates, EhloName, MailUrl, ParseMailUrlError, Sender};

use super::{PublicUrl, reader::Reader};

const MAIL_URL: &str = "VESTIBULE_MAIL_URL";
const CA_FILE: &str = "VESTIBULE_MAIL_CA_FILE";

/// Settings of mail.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The transport: SMTP, files or the log.
    pub url: MailUrl,
    /// The sender of emails.
    pub from: Sender,
    /// The name with which the server introduces itself to mail servers.
    pub ehlo_name: EhloName,
    /// Additional trusted certificate authorities.
    pub authorities: Option<CaCertificates>,
    /// The maximum time for sending one email.
    pub timeout: Duration,
}

impl Mail {
    pub(crate) fn read(reader: &mut Reader<'_>, public_url: &PublicUrl) -> Self {
        let parse = |text: &str| {
            let sender = text.parse();
            sender.map_err(|_| "an email address, such as `Accounts <accounts@example.com>`".to_owned())
        };
        let default = Sender::at(public_url.host());
        let url = read_url(reader, public_url);
        Self {
            from: reader.value("VESTIBULE_MAIL_FROM", default, parse, Sender::to_string),
            ehlo_name: read_ehlo_name(reader, &url, public_url),
            authorities: read_authorities(reader, &url),
            timeout: reader.duration(
                "VESTIBULE_MAIL_TIMEOUT",
                Duration::from_secs(20),
                Duration::from_secs(5)..=Duration::from_secs(90),
            ),
            url,
        }
    }
}

/// Reads the transport. The log is only a default for a local public URL; users of other machines need emails.
fn read_url(reader: &mut Reader<'_>, public_url: &PublicUrl) -> MailUrl {
    let parse = |text: Secret<String>| {
        let url = text.expose().parse();
        url.map_err(|error| match error {
            ParseMailUrlError::UnknownScheme => {
                "`smtp://host:port` or `smtps://host:port`, with `user:password@` where needed, `file:directory` or `log:`"
                    .to_owned()
            }
            ParseMailUrlError::Smtp(error) => format!("a valid SMTP URL: {error}"),
        })
    };
    let show = |url: Option<&MailUrl>| match url {
        Some(url) => url.to_string(),
        None if public_url.is_local() => MailUrl::Log.to_string(),
        None => "(not set)".to_owned(),
    };
    let url = reader.secret(MAIL_URL, parse, show);
    if url.is_none() && !public_url.is_local() && !reader.has_error(MAIL_URL) {
        reader.error(
            MAIL_URL,
            "must be set, because users at the public URL need emails with links; `log:` writes them to the log instead",
        );
    }
    if url == Some(MailUrl::Log) && !public_url.is_local() {
        reader.warn(format!(
            "{MAIL_URL}=log: sends no emails, and anyone who can read the log can use their links to set passwords"
        ));
    }
    url.unwrap_or(MailUrl::Log)
}

/// Reads the EHLO name. The default is the host of the public URL, which mail servers can look up, unlike the host name
/// of this machine.
fn read_ehlo_name(reader: &mut Reader<'_>, url: &MailUrl, public_url: &PublicUrl) -> EhloName {
    let from_url = match url {
        MailUrl::Smtp(url) => url.ehlo_name().cloned(),
        MailUrl::Log | MailUrl::File(_) => None,
    };
    let from_host = || public_url.host().parse().ok();
    let default = from_url.or_else(from_host).unwrap_or_default();
    let parse = |text: &str| {
        let name = text.parse();
        name.map_err(|_| "a host name, such as `accounts.example.com`, or an IP address".to_owned())
    };
    reader.value("VESTIBULE_MAIL_EHLO_NAME", default, parse, EhloName::to_string)
}

/// Reads the certificates now, so that an invalid file prevents the start instead of every delivery.
fn read_authorities(reader: &mut Reader<'_>, url: &MailUrl) -> Option<CaCertificates> {
    let parse = |text: &str| {
        let path = PathBuf::from(text);
        let pem = fs::read(&path).map_err(|error| format!("a readable file with certificates: {error}"))?;
        let authorities = CaCertificates::from_pem(&pem);
        let authorities = authorities.map_err(|error| format!("a file with certificates: {error}"))?;
        Ok(Some((path, authorities)))
    };
    let show = |found: &Option<(PathBuf, CaCertificates)>| match found {
        Some((path, _)) => path.display().to_string(),
        None => "(not set)".to_owned(),
    };
    let found = reader.value(CA_FILE, None, parse, show);
    let is_used = matches!(url, MailUrl::Smtp(url) if url.verifies_certificate());
    if found.is_some() && !is_used && url.sends() {
        reader.warn(format!(
            "{CA_FILE} has no effect, because {MAIL_URL} does not verify the certificate of the server: use `smtps://` \
             or `?tls=required`"
        ));
    }
    found.map(|(_, authorities)| authorities)
}
