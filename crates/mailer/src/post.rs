//! Sending letters.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use lettre::{message::Mailbox, transport::smtp};
use vestibule_domain::{BoxFuture, EmailMessage, Mailer, SendError};

use crate::{
    ehlo::EhloName,
    letter, message,
    sender::Sender,
    smtp::{Parcel, SmtpTransport},
    tls::CaCertificates,
    url::MailUrl,
};

/// How mail goes, and from whom.
#[derive(Debug, Clone)]
pub struct PostSettings {
    /// How it goes.
    pub url: MailUrl,
    /// From whom.
    pub from: Sender,
    /// The URL of the service, with which every link begins.
    pub public_url: String,
    /// The name of this client, for mail servers.
    pub ehlo_name: EhloName,
    /// Certificate authorities that are trusted besides those of the system.
    pub authorities: Option<CaCertificates>,
    /// The longest time that sending one message may take.
    pub timeout: Duration,
}

/// Sends letters.
pub struct Post {
    way: Way,
    from: Mailbox,
    public_url: String,
}

enum Way {
    Log,
    File(PathBuf),
    Smtp(Box<SmtpTransport>),
}

/// TLS to the mail server cannot be set up.
#[derive(Debug, thiserror::Error)]
#[error("TLS to the mail server cannot be set up")]
pub struct PostError(#[from] smtp::Error);

impl Post {
    /// Gets ready to send. Nothing is connected yet.
    ///
    /// # Errors
    /// [`PostError`].
    pub fn new(settings: PostSettings) -> Result<Self, PostError> {
        let PostSettings {
            url,
            from,
            public_url,
            ehlo_name,
            authorities,
            timeout,
        } = settings;
        let way = match url {
            MailUrl::Log => Way::Log,
            MailUrl::File(folder) => Way::File(folder),
            MailUrl::Smtp(url) => {
                let name = ehlo_name.client_id().clone();
                let transport = SmtpTransport::new(url, name, timeout, authorities.as_ref())?;
                Way::Smtp(Box::new(transport))
            }
        };
        Ok(Self {
            way,
            from: from.0,
            public_url,
        })
    }

    /// Tries whether mail could be sent now, without sending any.
    ///
    /// # Errors
    /// [`SendError`] says what is in the way.
    pub async fn check(&self) -> Result<(), SendError> {
        match &self.way {
            Way::Log => Ok(()),
            Way::File(folder) => fs::create_dir_all(folder).map_err(|error| unavailable(&error)),
            Way::Smtp(server) => server.check(&self.from.email).await,
        }
    }

    /// Ends the connections to the mail server that wait for the next message.
    pub async fn close(&self) {
        if let Way::Smtp(server) = &self.way {
            server.close().await;
        }
    }

    async fn carry(&self, letter: &EmailMessage) -> Result<(), SendError> {
        let words = letter::write(letter, &self.public_url);
        match &self.way {
            Way::Log => {
                let shown = format!("mail to {}: {}\n\n{}", letter.to, words.subject, words.text);
                writeln!(io::stderr().lock(), "{shown}").map_err(|error| unavailable(&error))
            }
            Way::File(folder) => {
                let (message, _) = message::message(letter, words, &self.from)?;
                keep(folder, &format!("{}.eml", letter.id), &message.formatted()).map_err(|error| unavailable(&error))
            }
            Way::Smtp(server) => {
                let (message, to) = message::message(letter, words, &self.from)?;
                let parcel = Parcel {
                    from: &self.from.email,
                    to: &to,
                    message: &message.formatted(),
                };
                server.send(&parcel).await
            }
        }
    }
}

impl Mailer for Post {
    fn send<'a>(&'a self, letter: &'a EmailMessage) -> BoxFuture<'a, Result<(), SendError>> {
        Box::pin(self.carry(letter))
    }
}

/// Writes a file that is whole as soon as it has its name.
fn keep(folder: &Path, name: &str, content: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let unfinished = folder.join(format!(".{name}.part"));
    fs::write(&unfinished, content)?;
    fs::rename(unfinished, folder.join(name))
}

fn unavailable(error: &io::Error) -> SendError {
    SendError::Unavailable(error.to_string())
}
