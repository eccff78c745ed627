//! Sending letters.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart, header::HeaderName, header::HeaderValue},
    transport::smtp,
};
use vestibule_domain::{
    BoxFuture,
    mail::{Letter, Mailer, SendError},
};

use crate::{
    letter::{self, Words},
    sender::Sender,
    url::MailUrl,
};

/// How long a mail server may take for one answer.
const TIMEOUT: Duration = Duration::from_secs(20);

/// How mail goes, and from whom.
#[derive(Debug, Clone)]
pub struct PostSettings {
    /// How it goes.
    pub url: MailUrl,
    /// From whom.
    pub from: Sender,
    /// The URL of the service, with which every link begins.
    pub public_url: String,
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
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

/// The URL of the mail server is one that lettre does not know.
#[derive(Debug, thiserror::Error)]
#[error("not a mail server")]
pub struct PostError(#[from] smtp::Error);

impl Post {
    /// Gets ready to send. Nothing is connected yet.
    ///
    /// # Errors
    /// [`PostError`].
    pub fn new(settings: PostSettings) -> Result<Self, PostError> {
        let way = match &settings.url {
            MailUrl::Log => Way::Log,
            MailUrl::File(folder) => Way::File(folder.clone()),
            MailUrl::Smtp(url) => {
                let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose())?;
                Way::Smtp(server.timeout(Some(TIMEOUT)).build())
            }
        };
        Ok(Self {
            way,
            from: settings.from.0,
            public_url: settings.public_url,
        })
    }

    /// Tries whether mail could be sent now, without sending any.
    ///
    /// # Errors
    /// [`SendError`] says what is in the way.
    pub async fn check(&self) -> Result<(), SendError> {
        match &self.way {
            Way::Log => Ok(()),
            Way::File(folder) => fs::create_dir_all(folder).map_err(|error| failed(&error)),
            Way::Smtp(server) => match server.test_connection().await {
                Ok(true) => Ok(()),
                Ok(false) => Err(SendError::Failed("the mail server does not answer".to_owned())),
                Err(error) => Err(smtp_error(&error)),
            },
        }
    }

    async fn carry(&self, letter: &Letter) -> Result<(), SendError> {
        let words = letter::write(letter, &self.public_url);
        match &self.way {
            Way::Log => {
                let shown = format!("mail to {}: {}\n\n{}", letter.to, words.subject, words.text);
                writeln!(io::stderr().lock(), "{shown}").map_err(|error| failed(&error))
            }
            Way::File(folder) => {
                let message = self.message(letter, words)?;
                keep(folder, &format!("{}.eml", letter.id), &message.formatted()).map_err(|error| failed(&error))
            }
            Way::Smtp(server) => {
                let message = self.message(letter, words)?;
                let sent = server.send(message).await;
                sent.map(drop).map_err(|error| smtp_error(&error))
            }
        }
    }

    fn message(&self, letter: &Letter, words: Words) -> Result<Message, SendError> {
        let refused = |error: &dyn std::error::Error| SendError::Refused(error.to_string());
        let to: Mailbox = letter.to.parse().map_err(|error| refused(&error))?;
        let sender = self.from.email.domain();
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(words.subject)
            .message_id(Some(format!("<{}@{sender}>", letter.id)))
            .date(SystemTime::from(letter.at))
            // RFC 3834: no answers from other programs.
            .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
            .multipart(MultiPart::alternative_plain_html(words.text, words.html))
            .map_err(|error| refused(&error))
    }
}

impl Mailer for Post {
    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<(), SendError>> {
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

fn failed(error: &dyn std::error::Error) -> SendError {
    SendError::Failed(error.to_string())
}

fn smtp_error(error: &smtp::Error) -> SendError {
    if error.is_permanent() {
        SendError::Refused(error.to_string())
    } else {
        SendError::Failed(error.to_string())
    }
}
