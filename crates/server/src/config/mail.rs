//! How mail goes, and from whom.

use vestibule_domain::Secret;
use vestibule_mailer::{MailUrl, Sender};

use super::{PublicUrl, reader::Reader};

const MAIL_URL: &str = "VESTIBULE_MAIL_URL";

/// The settings of mail.
#[derive(Debug, Clone)]
pub struct Mail {
    /// How it goes.
    pub url: MailUrl,
    /// From whom.
    pub from: Sender,
}

impl Mail {
    pub(crate) fn read(reader: &mut Reader<'_>, public_url: &PublicUrl) -> Self {
        let parse = |text: &str| {
            let sender = text.parse();
            sender.map_err(|_| "an address, such as `Accounts <accounts@example.com>`".to_owned())
        };
        let default = Sender::at(public_url.host());
        Self {
            url: read_url(reader, public_url),
            from: reader.value("VESTIBULE_MAIL_FROM", default, parse, Sender::to_string),
        }
    }
}

/// On this machine links may go to the log; others would wait for them in vain.
fn read_url(reader: &mut Reader<'_>, public_url: &PublicUrl) -> MailUrl {
    let parse = |text: Secret<String>| {
        let url = text.expose().parse();
        url.map_err(|_| {
            "`smtp://host:port` or `smtps://host:port`, with `user:password@` where needed, `file:folder` or `log:`"
                .to_owned()
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
