//! A mail server that answers as it is told.

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

/// What it says in the end, after a whole letter has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtTheEnd {
    /// That it has it.
    Accept,
    /// Nothing at all.
    Hang,
}

/// A step of a conversation, after which the server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SmtpStep {
    /// The client has connected.
    Greeting,
    /// `EHLO`, also the one after `STARTTLS`.
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
    /// The final dot.
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

/// What the server does at a step, instead of going on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Behaviour {
    /// It answers with this line.
    Reply(String),
    /// It says nothing, and keeps the connection.
    Stall,
    /// It sends one byte of an answer now and then, and never the end of it.
    Dribble,
    /// It closes the connection.
    Disconnect,
}

impl Behaviour {
    /// It answers with this line.
    #[must_use]
    pub fn reply(line: &str) -> Self {
        Self::Reply(line.to_owned())
    }
}

/// What a server offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is an extension of its own")]
pub struct Offers {
    /// `STARTTLS`, with a certificate for `localhost` and `127.0.0.1` by an authority of its own.
    pub starttls: bool,
    /// TLS from the start, with the same certificate.
    pub implicit_tls: bool,
    /// `SMTPUTF8` and `8BITMIME`.
    pub smtputf8: bool,
    /// `AUTH PLAIN`.
    pub auth: bool,
}

/// Speaks SMTP (RFC 5321) with any number of clients.
pub struct MailServer {
    /// Its URL.
    pub url: String,
    /// The authority by which its certificate is valid, in PEM format.
    pub ca_pem: String,
    letters: Receiver<String>,
    shared: Arc<Shared>,
}

struct Shared {
    behaviours: Mutex<HashMap<SmtpStep, Behaviour>>,
    recipients: Mutex<HashMap<String, (SmtpStep, Behaviour)>>,
    connections: AtomicUsize,
    deliveries: AtomicUsize,
    offers: Offers,
    tls: Arc<ServerConfig>,
}

impl MailServer {
    /// Starts one that answers `RCPT` with this line.
    #[must_use]
    pub fn start(recipient: &'static str, at_the_end: AtTheEnd) -> Self {
        let server = Self::offering(Offers::default());
        server.set(SmtpStep::Rcpt, Behaviour::reply(recipient));
        if at_the_end == AtTheEnd::Hang {
            server.set(SmtpStep::Message, Behaviour::Stall);
        }
        server
    }

    /// Starts one that accepts every message.
    #[must_use]
    pub fn offering(offers: Offers) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let scheme = if offers.implicit_tls { "smtps" } else { "smtp" };
        let url = format!("{scheme}://{}", listener.local_addr().expect("an address"));
        let (heard, letters) = channel();
        let (tls, ca_pem) = tls();
        let shared = Arc::new(Shared {
            behaviours: Mutex::default(),
            recipients: Mutex::default(),
            connections: AtomicUsize::new(0),
            deliveries: AtomicUsize::new(0),
            offers,
            tls,
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                accepting.connections.fetch_add(1, Ordering::SeqCst);
                let (shared, heard) = (Arc::clone(&accepting), heard.clone());
                thread::spawn(move || Conversation::new(stream, shared, heard).run());
            }
        });
        Self {
            url,
            ca_pem,
            letters,
            shared,
        }
    }

    /// Sets what it does at a step from now on. Conversations that stall already go on to stall.
    pub fn set(&self, step: SmtpStep, behaviour: Behaviour) {
        lock(&self.shared.behaviours).insert(step, behaviour);
    }

    /// Sets what it does at a step of conversations about this recipient. `RCPT` must be for it already.
    pub fn set_for(&self, recipient: &str, step: SmtpStep, behaviour: Behaviour) {
        lock(&self.shared.recipients).insert(recipient.to_owned(), (step, behaviour));
    }

    /// Lets it accept everything from now on. Conversations that stall already go on to stall.
    pub fn recover(&self) {
        lock(&self.shared.behaviours).clear();
        lock(&self.shared.recipients).clear();
    }

    /// Returns how often a client has connected.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Returns how often a client has named a recipient.
    #[must_use]
    pub fn deliveries(&self) -> usize {
        self.shared.deliveries.load(Ordering::SeqCst)
    }

    /// Waits for the next message to come whole, or for a conversation to end without one, and gives what the
    /// client said.
    #[must_use]
    pub fn heard(&self) -> String {
        self.letters.recv().expect("the server runs as long as the test")
    }

    /// The same, if it happens within this time.
    #[must_use]
    pub fn heard_within(&self, time: Duration) -> Option<String> {
        self.letters.recv_timeout(time).ok()
    }
}

/// A certificate for this machine, by an authority of its own.
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

struct Conversation {
    stream: Box<dyn Stream>,
    /// The same connection before TLS.
    plain: TcpStream,
    is_encrypted: bool,
    shared: Arc<Shared>,
    heard: Sender<String>,
    said: String,
    recipient: String,
    has_letter: bool,
}

impl Conversation {
    fn new(stream: TcpStream, shared: Arc<Shared>, heard: Sender<String>) -> Self {
        Self {
            plain: stream.try_clone().expect("a descriptor"),
            stream: Box::new(stream),
            is_encrypted: false,
            shared,
            heard,
            said: String::new(),
            recipient: String::new(),
            has_letter: false,
        }
    }

    fn run(mut self) {
        // Clients hang up when they like.
        let _ = self.converse();
        if !self.has_letter {
            let _ = self.heard.send(self.said);
        }
    }

    fn converse(&mut self) -> io::Result<()> {
        if self.shared.offers.implicit_tls {
            self.encrypt()?;
        }
        self.answer(SmtpStep::Greeting, "220 mail.example.com")?;
        loop {
            let line = self.line()?;
            let verb = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => {
                    let offers = self.offers();
                    self.answer(SmtpStep::Ehlo, &offers)?;
                }
                "STARTTLS" => {
                    if self.answer(SmtpStep::StartTls, "220 go on")? {
                        self.encrypt()?;
                    }
                }
                "AUTH" => drop(self.answer(SmtpStep::Auth, "235 welcome")?),
                "MAIL" => drop(self.answer(SmtpStep::Mail, "250 ok")?),
                "RCPT" => {
                    self.shared.deliveries.fetch_add(1, Ordering::SeqCst);
                    let start = line.find('<').map_or(0, |at| at + 1);
                    let end = line.find('>').unwrap_or(line.len());
                    line[start..end].clone_into(&mut self.recipient);
                    self.answer(SmtpStep::Rcpt, "250 ok")?;
                }
                "DATA" => {
                    if self.answer(SmtpStep::Data, "354 go on")? {
                        while self.line()? != "." {}
                        self.has_letter = true;
                        let _ = self.heard.send(std::mem::take(&mut self.said));
                        self.answer(SmtpStep::Message, "250 queued")?;
                    }
                }
                "QUIT" => {
                    self.say("221 bye")?;
                    return Ok(());
                }
                _ => self.say("250 ok")?,
            }
        }
    }

    fn offers(&self) -> String {
        let offers = self.shared.offers;
        let mut lines = vec!["mail.example.com"];
        if offers.starttls && !self.is_encrypted {
            lines.push("STARTTLS");
        }
        if offers.smtputf8 {
            lines.extend(["8BITMIME", "SMTPUTF8"]);
        }
        if offers.auth {
            lines.push("AUTH PLAIN LOGIN");
        }
        let last = lines.len() - 1;
        let lines = lines.iter().enumerate().map(|(index, line)| {
            let separator = if index == last { ' ' } else { '-' };
            format!("250{separator}{line}")
        });
        lines.collect::<Vec<_>>().join("\r\n")
    }

    /// Answers, and says whether it is with this line.
    fn answer(&mut self, step: SmtpStep, line: &str) -> io::Result<bool> {
        let general = lock(&self.shared.behaviours).get(&step).cloned();
        let special = lock(&self.shared.recipients).get(&self.recipient).cloned();
        let special = special.filter(|(at, _)| *at == step).map(|(_, behaviour)| behaviour);
        match special.or(general) {
            None => self.say(line).map(|()| true),
            Some(Behaviour::Reply(other)) => self.say(&other).map(|()| false),
            Some(Behaviour::Disconnect) => Err(io::ErrorKind::ConnectionAborted.into()),
            Some(Behaviour::Stall) => loop {
                thread::sleep(Duration::from_mins(10));
            },
            Some(Behaviour::Dribble) => {
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

    fn say(&mut self, line: &str) -> io::Result<()> {
        self.stream.write_all(format!("{line}\r\n").as_bytes())?;
        self.stream.flush()
    }

    fn encrypt(&mut self) -> io::Result<()> {
        let connection = ServerConnection::new(Arc::clone(&self.shared.tls)).map_err(io::Error::other)?;
        self.stream = Box::new(StreamOwned::new(connection, self.plain.try_clone()?));
        self.is_encrypted = true;
        self.said += "(TLS)\n";
        Ok(())
    }

    fn line(&mut self) -> io::Result<String> {
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
        self.said += &line;
        self.said.push('\n');
        Ok(line)
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
