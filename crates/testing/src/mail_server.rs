//! An SMTP server whose replies tests control.

use std::{
    collections::HashMap,
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::Duration,
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer},
};

/// The reply to a complete message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FinalReply {
    /// The server accepts the message.
    Accept,
    /// The server does not reply.
    Stall,
}

/// A step of an SMTP session, after which the server replies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SmtpStep {
    /// The connection.
    Greeting,
    /// `EHLO`, before and after `STARTTLS`.
    Ehlo,
    /// `STARTTLS`.
    StartTls,
    /// `AUTH`.
    Auth,
    /// `MAIL FROM`.
    Mail,
    /// `RCPT TO`.
    Rcpt,
    /// `DATA`.
    Data,
    /// The dot that ends a message.
    Message,
}

impl SmtpStep {
    /// Every step.
    pub const ALL: [Self; 8] = [
        Self::Greeting,
        Self::Ehlo,
        Self::StartTls,
        Self::Auth,
        Self::Mail,
        Self::Rcpt,
        Self::Data,
        Self::Message,
    ];
}

/// A deviation from the normal reply at a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Behavior {
    /// The server replies with this line.
    Reply(String),
    /// The server does not reply, and leaves the connection open.
    Stall,
    /// The server sends a reply slowly, byte by byte, without ever ending it.
    Dribble,
    /// The server closes the connection.
    Disconnect,
}

impl Behavior {
    /// Returns the behavior of replying with this line.
    #[must_use]
    pub fn reply(line: &str) -> Self {
        Self::Reply(line.to_owned())
    }
}

/// The features of a mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent extension")]
pub struct SmtpFeatures {
    /// `STARTTLS`, with a certificate for `localhost` and `127.0.0.1` from the server's own authority.
    pub starttls: bool,
    /// TLS from the start, with the same certificate.
    pub implicit_tls: bool,
    /// `SMTPUTF8` and `8BITMIME`.
    pub smtputf8: bool,
    /// `AUTH PLAIN`.
    pub auth: bool,
}

/// An SMTP server (RFC 5321) for any number of concurrent clients.
pub struct MailServer {
    /// The URL of the server.
    pub url: String,
    /// The certificate of the authority that issued the server's, in PEM format.
    pub ca_pem: String,
    transcripts: Receiver<String>,
    shared: Arc<Shared>,
}

struct Shared {
    behaviors: Mutex<HashMap<SmtpStep, Behavior>>,
    recipients: Mutex<HashMap<String, (SmtpStep, Behavior)>>,
    connections: AtomicUsize,
    deliveries: AtomicUsize,
    features: SmtpFeatures,
    tls: Arc<ServerConfig>,
}

impl MailServer {
    /// Starts a server with this reply to `RCPT` and to a complete message.
    #[must_use]
    pub fn start(rcpt_reply: &'static str, final_reply: FinalReply) -> Self {
        let server = Self::with_features(SmtpFeatures::default());
        server.set(SmtpStep::Rcpt, Behavior::reply(rcpt_reply));
        if final_reply == FinalReply::Stall {
            server.set(SmtpStep::Message, Behavior::Stall);
        }
        server
    }

    /// Starts a server with these features, which accepts every message.
    #[must_use]
    pub fn with_features(features: SmtpFeatures) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let scheme = if features.implicit_tls { "smtps" } else { "smtp" };
        let url = format!("{scheme}://{}", listener.local_addr().expect("an address"));
        let (sender, transcripts) = channel();
        let (tls, ca_pem) = tls();
        let shared = Arc::new(Shared {
            behaviors: Mutex::default(),
            recipients: Mutex::default(),
            connections: AtomicUsize::new(0),
            deliveries: AtomicUsize::new(0),
            features,
            tls,
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                accepting.connections.fetch_add(1, Ordering::SeqCst);
                let (shared, sender) = (Arc::clone(&accepting), sender.clone());
                thread::spawn(move || SmtpSession::new(stream, shared, sender).run());
            }
        });
        Self {
            url,
            ca_pem,
            transcripts,
            shared,
        }
    }

    /// Sets the behavior at a step. Sessions that are stalled remain so.
    pub fn set(&self, step: SmtpStep, behavior: Behavior) {
        lock(&self.shared.behaviors).insert(step, behavior);
    }

    /// Sets the behavior at a step of sessions with this recipient, from `RCPT` onwards.
    pub fn set_for(&self, recipient: &str, step: SmtpStep, behavior: Behavior) {
        lock(&self.shared.recipients).insert(recipient.to_owned(), (step, behavior));
    }

    /// Resets the behavior at all steps. Sessions that are stalled remain so.
    pub fn recover(&self) {
        lock(&self.shared.behaviors).clear();
        lock(&self.shared.recipients).clear();
    }

    /// Returns the number of connections so far.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Returns the number of `RCPT` commands so far.
    #[must_use]
    pub fn deliveries(&self) -> usize {
        self.shared.deliveries.load(Ordering::SeqCst)
    }

    /// Waits for the next complete message, or for the end of a session without one, and returns the lines that the
    /// client has sent.
    #[must_use]
    pub fn next_transcript(&self) -> String {
        self.transcripts.recv().expect("the server runs as long as the test")
    }

    /// Returns the same as [`next_transcript`](Self::next_transcript), or `None` after this time.
    #[must_use]
    pub fn next_transcript_within(&self, time: Duration) -> Option<String> {
        self.transcripts.recv_timeout(time).ok()
    }
}

/// Creates an authority and a certificate for this machine. Returns the authority in PEM format.
fn tls() -> (Arc<ServerConfig>, String) {
    let mut authority = CertificateParams::new(Vec::new()).expect("no names");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let authority = CertifiedIssuer::self_signed(authority, key).expect("signed");
    let key = KeyPair::generate().expect("a key");
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let server = CertificateParams::new(names).expect("names");
    let certificate = server.signed_by(&key, &authority).expect("signed");
    let chain: Vec<CertificateDer<'static>> = vec![certificate.der().clone()];
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("a certificate with its key");
    (Arc::new(config), authority.pem())
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

/// An SMTP session with a client.
struct SmtpSession {
    stream: Box<dyn Stream>,
    /// The connection without TLS.
    plain: TcpStream,
    is_encrypted: bool,
    shared: Arc<Shared>,
    transcripts: Sender<String>,
    transcript: String,
    recipient: String,
    has_message: bool,
}

impl SmtpSession {
    fn new(stream: TcpStream, shared: Arc<Shared>, transcripts: Sender<String>) -> Self {
        Self {
            plain: stream.try_clone().expect("a descriptor"),
            stream: Box::new(stream),
            is_encrypted: false,
            shared,
            transcripts,
            transcript: String::new(),
            recipient: String::new(),
            has_message: false,
        }
    }

    fn run(mut self) {
        // An error is normal, because clients may disconnect at any time.
        let _ = self.serve();
        if !self.has_message {
            let _ = self.transcripts.send(self.transcript);
        }
    }

    fn serve(&mut self) -> io::Result<()> {
        if self.shared.features.implicit_tls {
            self.encrypt()?;
        }
        self.reply(SmtpStep::Greeting, "220 mail.example.com")?;
        loop {
            let line = self.read_line()?;
            let verb = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => {
                    let features = self.ehlo_reply();
                    self.reply(SmtpStep::Ehlo, &features)?;
                }
                "STARTTLS" => {
                    if self.reply(SmtpStep::StartTls, "220 ready")? {
                        self.encrypt()?;
                    }
                }
                "AUTH" => drop(self.reply(SmtpStep::Auth, "235 welcome")?),
                "MAIL" => drop(self.reply(SmtpStep::Mail, "250 ok")?),
                "RCPT" => {
                    self.shared.deliveries.fetch_add(1, Ordering::SeqCst);
                    let start = line.find('<').map_or(0, |at| at + 1);
                    let end = line.find('>').unwrap_or(line.len());
                    line[start..end].clone_into(&mut self.recipient);
                    self.reply(SmtpStep::Rcpt, "250 ok")?;
                }
                "DATA" => {
                    if self.reply(SmtpStep::Data, "354 start")? {
                        while self.read_line()? != "." {}
                        self.has_message = true;
                        let _ = self.transcripts.send(std::mem::take(&mut self.transcript));
                        self.reply(SmtpStep::Message, "250 queued")?;
                    }
                }
                "QUIT" => {
                    self.write_line("221 bye")?;
                    return Ok(());
                }
                _ => self.write_line("250 ok")?,
            }
        }
    }

    fn ehlo_reply(&self) -> String {
        let features = self.shared.features;
        let mut lines = vec!["mail.example.com"];
        if features.starttls && !self.is_encrypted {
            lines.push("STARTTLS");
        }
        if features.smtputf8 {
            lines.extend(["8BITMIME", "SMTPUTF8"]);
        }
        if features.auth {
            lines.push("AUTH PLAIN LOGIN");
        }
        let last = lines.len() - 1;
        let lines = lines.iter().enumerate().map(|(index, line)| {
            let separator = if index == last { ' ' } else { '-' };
            format!("250{separator}{line}")
        });
        lines.collect::<Vec<_>>().join("\r\n")
    }

    /// Replies with this line, unless the behavior at the step deviates. Returns whether it replied with this line.
    fn reply(&mut self, step: SmtpStep, line: &str) -> io::Result<bool> {
        let default = lock(&self.shared.behaviors).get(&step).cloned();
        let of_recipient = lock(&self.shared.recipients).get(&self.recipient).cloned();
        let of_recipient = of_recipient
            .filter(|(of_step, _)| *of_step == step)
            .map(|(_, behavior)| behavior);
        match of_recipient.or(default) {
            None => self.write_line(line).map(|()| true),
            Some(Behavior::Reply(other)) => self.write_line(&other).map(|()| false),
            Some(Behavior::Disconnect) => Err(io::ErrorKind::ConnectionAborted.into()),
            Some(Behavior::Stall) => loop {
                thread::sleep(Duration::from_mins(10));
            },
            Some(Behavior::Dribble) => {
                self.stream.write_all(line.get(..3).unwrap_or("250").as_bytes())?;
                self.stream.write_all(b"-")?;
                loop {
                    self.stream.write_all(b".")?;
                    self.stream.flush()?;
                    thread::sleep(Duration::from_millis(500));
                }
            }
        }
    }

    fn write_line(&mut self, line: &str) -> io::Result<()> {
        self.stream.write_all(format!("{line}\r\n").as_bytes())?;
        self.stream.flush()
    }

    fn encrypt(&mut self) -> io::Result<()> {
        let connection = ServerConnection::new(Arc::clone(&self.shared.tls)).map_err(io::Error::other)?;
        self.stream = Box::new(StreamOwned::new(connection, self.plain.try_clone()?));
        self.is_encrypted = true;
        self.transcript += "(TLS)\n";
        Ok(())
    }

    fn read_line(&mut self) -> io::Result<String> {
        let mut line = Vec::new();
        loop {
            let mut byte = [0];
            self.stream.read_exact(&mut byte)?;
            match byte {
                [b'\n'] => break,
                [b'\r'] => {}
                [byte] => line.push(byte),
            }
        }
        let line = String::from_utf8_lossy(&line).into_owned();
        self.transcript += &line;
        self.transcript.push('\n');
        Ok(line)
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
