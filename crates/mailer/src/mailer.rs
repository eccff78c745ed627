//! The implementation of [`Mailer`] with lettre.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use lettre::{message::Mailbox, transport::smtp};
use vestibule_domain::{BoxFuture, EmailMessage, Mailer, SendError};

use crate::{
    ehlo_name::EhloName,
    email::Email,
    mail_url::MailUrl,
    sender::Sender,
    smtp::{SmtpMessage, SmtpTransport},
    tls::CaCertificates,
};

/// The settings of a [`LettreMailer`].
#[derive(Debug, Clone)]
pub struct MailerSettings {
    /// The transport.
    pub url: MailUrl,
    /// The sender of every email.
    pub from: Sender,
    /// The URL of the service, with which every link begins.
    pub public_url: String,
    /// The name of this client in `EHLO`.
    pub ehlo_name: EhloName,
    /// Certificate authorities to trust besides the bundled ones and those of the system.
    pub ca_certificates: Option<CaCertificates>,
    /// The longest time that sending one message may take.
    pub timeout: Duration,
}

/// A mailer that renders emails and sends them by the transport of its [`MailUrl`].
pub struct LettreMailer {
    transport: Transport,
    from: Mailbox,
    public_url: String,
}

enum Transport {
    Log,
    File(PathBuf),
    Smtp(Box<SmtpTransport>),
}

/// The error of setting up TLS for the mail server.
#[derive(Debug, thiserror::Error)]
#[error("failed to set up TLS for the mail server")]
pub struct MailerError(#[from] smtp::Error);

impl LettreMailer {
    /// Creates a mailer, without connecting to the mail server yet.
    ///
    /// # Errors
    /// Returns [`MailerError`] if TLS cannot be set up.
    pub fn new(settings: MailerSettings) -> Result<Self, MailerError> {
        let MailerSettings {
            url,
            from,
            public_url,
            ehlo_name,
            ca_certificates,
            timeout,
        } = settings;
        let transport = match url {
            MailUrl::Log => Transport::Log,
            MailUrl::File(folder) => Transport::File(folder),
            MailUrl::Smtp(url) => {
                let name = ehlo_name.client_id().clone();
                let transport = SmtpTransport::new(url, name, timeout, ca_certificates.as_ref())?;
                Transport::Smtp(Box::new(transport))
            }
        };
        Ok(Self {
            transport,
            from: from.0,
            public_url,
        })
    }

    /// Checks that email could be sent now, without sending any.
    ///
    /// # Errors
    /// Returns the [`SendError`] that sending would fail with.
    pub async fn check(&self) -> Result<(), SendError> {
        match &self.transport {
            Transport::Log => Ok(()),
            Transport::File(folder) => fs::create_dir_all(folder).map_err(|error| unavailable(&error)),
            Transport::Smtp(server) => server.check(&self.from.email).await,
        }
    }

    /// Closes the idle connections to the mail server.
    pub async fn close(&self) {
        if let Transport::Smtp(server) = &self.transport {
            server.close().await;
        }
    }

    async fn render_and_send(&self, message: &EmailMessage) -> Result<(), SendError> {
        let email = Email::render(message, &self.public_url).map_err(|error| SendError::Unclear {
            reason: format!("the email cannot be rendered: {error}"),
            is_permanent: false,
        })?;
        match &self.transport {
            Transport::Log => {
                let entry = format!("email to {}: {}\n\n{}", message.to, email.subject, email.text);
                writeln!(io::stderr().lock(), "{entry}").map_err(|error| unavailable(&error))
            }
            Transport::File(folder) => {
                let (formatted, _) = email.into_rfc5322(message, &self.from)?;
                write_file(folder, &format!("{}.eml", message.id), &formatted.formatted())
                    .map_err(|error| unavailable(&error))
            }
            Transport::Smtp(server) => {
                let (formatted, to) = email.into_rfc5322(message, &self.from)?;
                let message = SmtpMessage {
                    from: &self.from.email,
                    to: &to,
                    content: &formatted.formatted(),
                };
                server.send(&message).await
            }
        }
    }
}

impl Mailer for LettreMailer {
    fn send<'a>(&'a self, message: &'a EmailMessage) -> BoxFuture<'a, Result<(), SendError>> {
        Box::pin(self.render_and_send(message))
    }
}

/// Writes a file under a temporary name and renames it, so that readers never see part of it.
fn write_file(folder: &Path, name: &str, content: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let temporary = folder.join(format!(".{name}.part"));
    fs::write(&temporary, content)?;
    fs::rename(temporary, folder.join(name))
}

fn unavailable(error: &io::Error) -> SendError {
    SendError::Unavailable(error.to_string())
}
