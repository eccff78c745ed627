//! Conversations with a mail server.
//!
//! lettre's own transport bounds only the connecting, and puts a connection whose conversation was given up
//! back into its pool, where the next message would get the replies to the one before. So the steps are taken
//! here, one by one, until a deadline.

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
    failure::{Cause, Failure, Step, send_error},
    patience::Patience,
    pool::Pool,
    smtp_url::{SmtpUrl, TlsMode},
    tls::{self, CaCertificates},
};

/// How long an idle connection may take to show that it works.
const REUSE_TIMEOUT: Duration = Duration::from_secs(3);

/// Sends messages to one mail server.
pub(crate) struct SmtpTransport {
    url: SmtpUrl,
    tls: Option<TlsParameters>,
    ehlo_name: ClientId,
    /// The longest time from connecting to the last line of the message.
    timeout: Duration,
    /// The longest time from connecting to the reply after the message.
    patience: Patience,
    pool: Pool,
}

/// A message and where it goes.
pub(crate) struct Parcel<'a> {
    pub(crate) from: &'a Address,
    pub(crate) to: &'a Address,
    pub(crate) message: &'a [u8],
}

impl SmtpTransport {
    pub(crate) fn new(
        url: SmtpUrl,
        ehlo_name: ClientId,
        timeout: Duration,
        authorities: Option<&CaCertificates>,
    ) -> Result<Self, smtp::Error> {
        let tls = match url.tls {
            TlsMode::None => None,
            TlsMode::Opportunistic => Some(tls::unverified(&url.host)?),
            TlsMode::Required | TlsMode::Implicit => Some(tls::verified(&url.host, authorities)?),
        };
        Ok(Self {
            url,
            tls,
            ehlo_name,
            timeout,
            patience: Patience::new(timeout),
            pool: Pool::default(),
        })
    }

    /// Sends one message. Steps with much state are boxed: callers are polled on small stacks.
    pub(crate) async fn send(&self, parcel: &Parcel<'_>) -> Result<(), SendError> {
        let started = Instant::now();
        let deadline = started + self.timeout;
        let mut connection = match self.idle_connection(deadline).await {
            Some(connection) => connection,
            None => Box::pin(self.connect(deadline))
                .await
                .map_err(|failure| send_error(&failure))?,
        };
        let parameters = match parameters(&connection, parcel) {
            Ok(parameters) => parameters,
            Err(error) => {
                self.pool.put(connection);
                return Err(error);
            }
        };
        let patience = self.patience.bound();
        let sent = converse(&mut connection, parcel, parameters, (started, self.timeout, patience));
        match Box::pin(sent).await {
            Ok(()) => {
                self.patience.sufficed(started.elapsed());
                self.pool.put(connection);
                Ok(())
            }
            Err(failure) => {
                if failure.is_timeout_after_the_message() {
                    self.patience.exceeded(started);
                } else if failure.is_reply() && is_reset(&mut connection, deadline).await {
                    self.pool.put(connection);
                }
                Err(send_error(&failure))
            }
        }
    }

    /// Checks whether the server would take a message from this address, without sending any.
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
            is_reset(&mut connection, deadline).await;
            let _ = timeout(REUSE_TIMEOUT, connection.quit()).await;
            Ok(())
        };
        checked.await.map_err(|failure: Failure| send_error(&failure))
    }

    /// Ends the idle connections.
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

    async fn connect(&self, deadline: Instant) -> Result<AsyncSmtpConnection, Failure> {
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
                    Err(Failure {
                        cause: Cause::Smtp(_), ..
                    }) => connection = self.greet(deadline).await?,
                    Err(failure) => return Err(failure),
                }
            }
            _ => {}
        }
        if let Some(credentials) = &self.url.credentials {
            let credentials = Credentials::new(credentials.user.clone(), credentials.password.expose().clone());
            let signed_in = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials);
            within(deadline, self.timeout, Step::Auth, signed_in).await?;
        }
        Ok(connection)
    }

    async fn greet(&self, deadline: Instant) -> Result<AsyncSmtpConnection, Failure> {
        let implicit = self.tls.clone().filter(|_| self.url.tls == TlsMode::Implicit);
        let address = (self.url.host.as_str(), self.url.port());
        // Of several addresses of the host one may be silent.
        let each = Some(self.timeout / 3);
        let connected = AsyncSmtpConnection::connect_tokio1(address, each, &self.ehlo_name, implicit, None);
        within(deadline, self.timeout, Step::Connect, connected).await
    }
}

/// The parameters of `MAIL`. A server that cannot take the message is told nothing.
fn parameters(connection: &AsyncSmtpConnection, parcel: &Parcel<'_>) -> Result<Vec<MailParameter>, SendError> {
    let knows = |extension| connection.server_info().supports_feature(extension);
    let mut parameters = Vec::new();
    let is_ascii = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
    if !is_ascii(parcel.from) || !is_ascii(parcel.to) {
        if !knows(Extension::SmtpUtfEight) {
            let reason = |whose| format!("the mail server does not support SMTPUTF8, which {whose} address needs");
            return Err(if is_ascii(parcel.from) {
                SendError::Refused(reason("the recipient's"))
            } else {
                SendError::Unavailable(reason("the sender's"))
            });
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !parcel.message.is_ascii() {
        // Only the header of a message with SMTPUTF8 is not ASCII, and SMTPUTF8 requires 8BITMIME.
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    Ok(parameters)
}

async fn converse(
    connection: &mut AsyncSmtpConnection,
    parcel: &Parcel<'_>,
    parameters: Vec<MailParameter>,
    (started, bound, last_bound): (Instant, Duration, Duration),
) -> Result<(), Failure> {
    let deadline = started + bound;
    let mail = connection.command(Mail::new(Some(parcel.from.clone()), parameters));
    within(deadline, bound, Step::Mail, mail).await?;
    let rcpt = connection.command(Rcpt::new(parcel.to.clone(), Vec::new()));
    within(deadline, bound, Step::Rcpt, rcpt).await?;
    within(deadline, bound, Step::Data, connection.command(Data)).await?;
    let message = connection.message(parcel.message);
    within(started + last_bound, last_bound, Step::Message, message).await?;
    Ok(())
}

/// Whether the connection is ready for another message.
async fn is_reset(connection: &mut AsyncSmtpConnection, deadline: Instant) -> bool {
    let until = deadline.min(Instant::now() + REUSE_TIMEOUT);
    matches!(timeout_at(until, connection.command(Rset)).await, Ok(Ok(_)))
}

async fn within<T>(
    deadline: Instant,
    bound: Duration,
    step: Step,
    work: impl Future<Output = Result<T, smtp::Error>>,
) -> Result<T, Failure> {
    let cause = match timeout_at(deadline, work).await {
        Ok(Ok(done)) => return Ok(done),
        Ok(Err(error)) => Cause::Smtp(error),
        Err(_) => Cause::TimedOut(bound),
    };
    Err(Failure { step, cause })
}
