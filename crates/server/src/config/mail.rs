//! How mail goes, and from whom.

use std::{fs, path::PathBuf, time::Duration};

use vestibule_domain::Secret;
use vestibule_mailer::{CaCertificates, EhloName, MailUrl, ParseMailUrlError, Sender};

use super::{PublicUrl, reader::Reader};

const MAIL_URL: &str = "VESTIBULE_MAIL_URL";
const CA_FILE: &str = "VESTIBULE_MAIL_CA_FILE";

/// The settings of mail.
#[derive(Debug, Clone)]
pub struct Mail {
    /// How it goes.
    pub url: MailUrl,
    /// From whom.
    pub from: Sender,
    /// The name of this client, for mail servers.
    pub ehlo_name: EhloName,
    /// Certificate authorities that are trusted besides those of the system.
    pub authorities: Option<CaCertificates>,
    /// The longest time that sending one message may take.
    pub timeout: Duration,
}

impl Mail {
    pub(crate) fn read(reader: &mut Reader<'_>, public_url: &PublicUrl) -> Self {
        let parse = |text: &str| {
            let sender = text.parse();
            sender.map_err(|_| "an address, such as `Accounts <accounts@example.com>`".to_owned())
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

/// On this machine links may go to the log; others would wait for them in vain.
fn read_url(reader: &mut Reader<'_>, public_url: &PublicUrl) -> MailUrl {
    let parse = |text: Secret<String>| {
        let url = text.expose().parse();
        url.map_err(|error| match error {
            ParseMailUrlError::UnknownScheme => {
                "`smtp://host:port` or `smtps://host:port`, with `user:password@` where needed, `file:folder` or `log:`"
                    .to_owned()
            }
            ParseMailUrlError::Smtp(error) => format!("corrected: {error}"),
        })
    };
    let show = |url: Option<&MailUrl>| match url {
        Some(url) => url.to_string(),
        None if public_url.is_local() => MailUrl::Log.to_string(),
        None => "(not set)".to_owned(),
    };
    let url = reader.secret(MAIL_URL, parse, show);
    if url.is_none() && !public_url.is_local() && !reader.is_wrong(MAIL_URL) {
        reader.mistake(
            MAIL_URL,
            "must be set, because people at the public URL wait for links; `log:` writes them to the log",
        );
    }
    if url == Some(MailUrl::Log) && !public_url.is_local() {
        reader.warn(format!(
            "{MAIL_URL}=log: reaches nobody, and lets whoever reads the log set passwords"
        ));
    }
    url.unwrap_or(MailUrl::Log)
}

/// The host of the public URL is a name that mail servers can look up, unlike that of this machine.
fn read_ehlo_name(reader: &mut Reader<'_>, url: &MailUrl, public_url: &PublicUrl) -> EhloName {
    let of_url = match url {
        MailUrl::Smtp(url) => url.ehlo_name().cloned(),
        MailUrl::Log | MailUrl::File(_) => None,
    };
    let of_host = || public_url.host().parse().ok();
    let default = of_url.or_else(of_host).unwrap_or_default();
    let parse = |text: &str| {
        let name = text.parse();
        name.map_err(|_| "a host name, such as `accounts.example.com`, or an IP address".to_owned())
    };
    reader.value("VESTIBULE_MAIL_EHLO_NAME", default, parse, EhloName::to_string)
}

/// Reads the file now, so that a wrong one stops the start and not the mail.
fn read_authorities(reader: &mut Reader<'_>, url: &MailUrl) -> Option<CaCertificates> {
    let parse = |text: &str| {
        let path = PathBuf::from(text);
        let pem = fs::read(&path).map_err(|error| format!("a readable file of certificates: {error}"))?;
        let authorities = CaCertificates::from_pem(&pem);
        let authorities = authorities.map_err(|error| format!("a file of certificates: {error}"))?;
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
