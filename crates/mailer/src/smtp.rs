//! The SMTP transport.
//!
//! lettre's own transport has a timeout only for connecting. It also returns a connection to its pool after an aborted
//! conversation, so that the next message would receive the replies to the previous one. This transport therefore runs
//! each step itself, with a deadline.

use std::{future::Future, time::Duration};

use lettre::{
    Address,
    transport::smtp::{
        self,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt, Rset},
        extension::{ClientId, Extension, MailBodyParameter, MailParameter},
    },
};
use tokio::time::{Instant, timeout, timeout_at};
use vestibule_domain::SendError;

use crate::{
    acceptance_timeout::AcceptanceTimeout,
    connection_pool::ConnectionPool,
    smtp_error::{Cause, SmtpError, Step},
    smtp_url::{SmtpUrl, TlsMode},
    tls::{self, CaCertificates},
};

/// The longest wait for an idle connection to prove that it still works.
const REUSE_TIMEOUT: Duration = Duration::from_secs(3);

/// The transport to one mail server.
pub(crate) struct SmtpTransport {
    url: SmtpUrl,
    tls: Option<TlsParameters>,
    ehlo_name: ClientId,
    /// The time from connecting to the reply to `DATA`.
    timeout: Duration,
    /// The time from connecting to the reply after the message.
    acceptance_timeout: AcceptanceTimeout,
    pool: ConnectionPool,
}

/// A message with its envelope.
pub(crate) struct SmtpMessage<'a> {
    pub(crate) from: &'a Address,
    pub(crate) to: &'a Address,
    pub(crate) content: &'a [u8],
}

impl SmtpTransport {
    pub(crate) fn new(
        url: SmtpUrl,
        ehlo_name: ClientId,
        timeout: Duration,
        ca_certificates: Option<&CaCertificates>,
    ) -> Result<Self, smtp::Error> {
        let tls = match url.tls {
            TlsMode::None => None,
            TlsMode::Opportunistic => Some(tls::unverified(&url.host)?),
            TlsMode::Required | TlsMode::Implicit => Some(tls::verified(&url.host, ca_certificates)?),
        };
        Ok(Self {
            url,
            tls,
            ehlo_name,
            timeout,
            acceptance_timeout: AcceptanceTimeout::new(timeout),
            pool: ConnectionPool::default(),
        })
    }

    /// Sends one message. Large futures are boxed, because callers are polled on small stacks.
    pub(crate) async fn send(&self, message: &SmtpMessage<'_>) -> Result<(), SendError> {
        let started = Instant::now();
        let deadline = started + self.timeout;
        let mut connection = match self.idle_connection(deadline).await {
            Some(connection) => connection,
            None => Box::pin(self.connect(deadline))
                .await
                .map_err(SmtpError::into_send_error)?,
        };
        let parameters = match mail_parameters(&connection, message) {
            Ok(parameters) => parameters,
            Err(error) => {
                self.pool.put(connection);
                return Err(error);
            }
        };
        let timeouts = (self.timeout, self.acceptance_timeout.current());
        let sent = transmit(&mut connection, message, parameters, started, timeouts);
        match Box::pin(sent).await {
            Ok(()) => {
                self.acceptance_timeout.record_accepted(started.elapsed());
                self.pool.put(connection);
                Ok(())
            }
            Err(error) => {
                if error.is_acceptance_timeout() {
                    self.acceptance_timeout.record_expired(started);
                } else if error.is_recoverable_reply() && reset(&mut connection, deadline).await {
                    self.pool.put(connection);
                }
                Err(error.into_send_error())
            }
        }
    }

    /// Checks that the server accepts messages from this address, without sending any.
    pub(crate) async fn check(&self, from: &Address) -> Result<(), SendError> {
        let deadline = Instant::now() + self.timeout;
        let checked = async {
            let mut connection = Box::pin(self.connect(deadline)).await?;
            let mut parameters = Vec::new();
            if !AsRef::<str>::as_ref(from).is_ascii() {
                parameters.push(MailParameter::SmtpUtfEight);
            }
            let mail = connection.command(Mail::new(Some(from.clone()), parameters));
            within(deadline, self.timeout, Step::Mail, mail).await?;
            reset(&mut connection, deadline).await;
            let _ = timeout(REUSE_TIMEOUT, connection.quit()).await;
            Ok(())
        };
        checked.await.map_err(SmtpError::into_send_error)
    }

    /// Closes the idle connections.
    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }

    async fn idle_connection(&self, deadline: Instant) -> Option<AsyncSmtpConnection> {
        while let Some(mut connection) = self.pool.take() {
            let until = deadline.min(Instant::now() + REUSE_TIMEOUT);
            if timeout_at(until, connection.test_connected()).await == Ok(true) {
                return Some(connection);
            }
        }
        None
    }

    async fn connect(&self, deadline: Instant) -> Result<AsyncSmtpConnection, SmtpError> {
        let mut connection = self.greet(deadline).await?;
        match (&self.tls, self.url.tls) {
            (Some(tls), TlsMode::Required) => {
                let encrypted = connection.starttls(tls.clone(), &self.ehlo_name);
                within(deadline, self.timeout, Step::StartTls, encrypted).await?;
            }
            (Some(tls), TlsMode::Opportunistic) if connection.can_starttls() => {
                let encrypted = connection.starttls(tls.clone(), &self.ehlo_name);
                match within(deadline, self.timeout, Step::StartTls, encrypted).await {
                    Ok(()) => {}
                    // The server cannot do TLS after all: continue without, on a new connection.
                    Err(SmtpError {
                        cause: Cause::Smtp(_), ..
                    }) => connection = self.greet(deadline).await?,
                    Err(error) => return Err(error),
                }
            }
            _ => {}
        }
        if let Some(credentials) = &self.url.credentials {
            let credentials = Credentials::new(credentials.user.clone(), credentials.password.expose().clone());
            let authenticated = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials);
            within(deadline, self.timeout, Step::Auth, authenticated).await?;
        }
        Ok(connection)
    }

    async fn greet(&self, deadline: Instant) -> Result<AsyncSmtpConnection, SmtpError> {
        let implicit = self.tls.clone().filter(|_| self.url.tls == TlsMode::Implicit);
        let address = (self.url.host.as_str(), self.url.port());
        // One of several addresses of the host may not respond.
        let per_address = Some(self.timeout / 3);
        let connected = AsyncSmtpConnection::connect_tokio1(address, per_address, &self.ehlo_name, implicit, None);
        within(deadline, self.timeout, Step::Connect, connected).await
    }
}

/// Returns the parameters of `MAIL`, or an error if the server lacks an extension that the message needs.
fn mail_parameters(
    connection: &AsyncSmtpConnection,
    message: &SmtpMessage<'_>,
) -> Result<Vec<MailParameter>, SendError> {
    let supports = |extension| connection.server_info().supports_feature(extension);
    let mut parameters = Vec::new();
    let is_ascii = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
    if !is_ascii(message.from) || !is_ascii(message.to) {
        if !supports(Extension::SmtpUtfEight) {
            let reason = |whose| format!("the mail server does not support SMTPUTF8, which {whose} address needs");
            return Err(if is_ascii(message.from) {
                SendError::Rejected(reason("the recipient's"))
            } else {
                SendError::Unavailable(reason("the sender's"))
            });
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !message.content.is_ascii() {
        // Only SMTPUTF8 allows a header that is not ASCII, and it requires 8BITMIME. Bodies are encoded as ASCII.
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    Ok(parameters)
}

async fn transmit(
    connection: &mut AsyncSmtpConnection,
    message: &SmtpMessage<'_>,
    parameters: Vec<MailParameter>,
    started: Instant,
    (timeout, acceptance_timeout): (Duration, Duration),
) -> Result<(), SmtpError> {
    let deadline = started + timeout;
    let mail = connection.command(Mail::new(Some(message.from.clone()), parameters));
    within(deadline, timeout, Step::Mail, mail).await?;
    let rcpt = connection.command(Rcpt::new(message.to.clone(), Vec::new()));
    within(deadline, timeout, Step::Rcpt, rcpt).await?;
    within(deadline, timeout, Step::Data, connection.command(Data)).await?;
    let content = connection.message(message.content);
    let acceptance_deadline = started + acceptance_timeout;
    within(acceptance_deadline, acceptance_timeout, Step::Message, content).await?;
    Ok(())
}

/// Prepares the connection for another message. Returns whether it is ready.
async fn reset(connection: &mut AsyncSmtpConnection, deadline: Instant) -> bool {
    let until = deadline.min(Instant::now() + REUSE_TIMEOUT);
    matches!(timeout_at(until, connection.command(Rset)).await, Ok(Ok(_)))
}

/// Runs a step until the deadline. An error names the step, and the timeout that the deadline follows from.
async fn within<T>(
    deadline: Instant,
    timeout: Duration,
    step: Step,
    work: impl Future<Output = Result<T, smtp::Error>>,
) -> Result<T, SmtpError> {
    let cause = match timeout_at(deadline, work).await {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(error)) => Cause::Smtp(error),
        Err(_) => Cause::TimedOut(timeout),
    };
    Err(SmtpError { step, cause })
}
