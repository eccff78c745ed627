//! Mail servers that stall, send too slowly, or disconnect.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use vestibule_domain::{Mailer, SendError};
use vestibule_mailer::LettreMailer;
use vestibule_testing::{Behavior, MailServer, SmtpFeatures, SmtpStep};

use crate::{message, settings, tls::ca_certificates};

/// Long enough for a handshake on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Much longer than the mailer's timeout, and shorter than the time limit of a test.
const TEST_TIMEOUT: Duration = Duration::from_mins(1);

fn mailer_for(server: &MailServer) -> LettreMailer {
    let mut settings = settings(&server.url.replace("://", "://ada:hunter2@"));
    settings.timeout = TIMEOUT;
    settings.ca_certificates = Some(ca_certificates(server));
    LettreMailer::new(settings).expect("a mail server")
}

fn server_with_auth() -> MailServer {
    MailServer::with_features(SmtpFeatures {
        starttls: true,
        auth: true,
        ..SmtpFeatures::default()
    })
}

#[tokio::test]
async fn stalling_or_slow_server_times_out_at_every_step() {
    let behaviors = [Behavior::Stall, Behavior::Dribble];
    let cases = behaviors
        .iter()
        .flat_map(|behavior| SmtpStep::ALL.map(|step| Box::pin(times_out(behavior, step))));
    join_all(cases).await;
}

async fn times_out(behavior: &Behavior, step: SmtpStep) {
    let server = server_with_auth();
    server.set(step, behavior.clone());
    let mailer = mailer_for(&server);
    let sent = tokio::time::timeout(TEST_TIMEOUT, mailer.send(&message("ada@example.com"))).await;
    let sent = sent.unwrap_or_else(|_| panic!("{step:?} {behavior:?}: the mailer does not time out"));
    let is_about_message = matches!(step, SmtpStep::Rcpt | SmtpStep::Data | SmtpStep::Message);
    let is_expected = match sent {
        Err(SendError::Unavailable(_)) => !is_about_message,
        Err(SendError::Unclear { is_permanent, .. }) => is_about_message && !is_permanent,
        _ => false,
    };
    assert!(is_expected, "{step:?} {behavior:?}: {sent:?}");
    let checked = tokio::time::timeout(TEST_TIMEOUT, mailer.check()).await;
    let checked = checked.unwrap_or_else(|_| panic!("{step:?} {behavior:?}: the check does not time out"));
    assert_eq!(
        checked.is_err(),
        !is_about_message,
        "{step:?} {behavior:?}: {checked:?}"
    );
}

/// The next message must not reuse the connection of an aborted conversation: it would receive the replies to the
/// previous message, and could count as sent without having been accepted.
#[tokio::test]
async fn next_message_after_stall_uses_new_connection() {
    let cases = SmtpStep::ALL.map(|step| {
        Box::pin(async move {
            let server = server_with_auth();
            server.set(step, Behavior::Stall);
            let mailer = mailer_for(&server);
            mailer.send(&message("ada@example.com")).await.expect_err("it stalls");
            let before = server.connections();
            server.recover();
            mailer
                .send(&message("ada@example.com"))
                .await
                .expect("it has recovered");
            assert_eq!(server.connections(), before + 1, "{step:?}");
        })
    });
    join_all(cases).await;
}

#[tokio::test]
async fn disconnect_at_every_step_is_temporary() {
    for step in SmtpStep::ALL {
        let server = server_with_auth();
        server.set(step, Behavior::Disconnect);
        let failed = mailer_for(&server).send(&message("ada@example.com")).await;
        let is_temporary = matches!(
            failed,
            Err(SendError::Unavailable(_)
                | SendError::Unclear {
                    is_permanent: false,
                    ..
                })
        );
        assert!(is_temporary, "{step:?}: {failed:?}");
    }
}

/// The server may have accepted the message, and would receive a duplicate with every attempt.
#[tokio::test]
async fn acceptance_timeout_grows_after_repeated_stalls() {
    let server = server_with_auth();
    server.set(SmtpStep::Message, Behavior::Stall);
    let mailer = mailer_for(&server);
    let mut elapsed = Vec::new();
    for _ in 0..3 {
        let start = Instant::now();
        mailer.send(&message("ada@example.com")).await.expect_err("it stalls");
        elapsed.push(start.elapsed());
    }
    assert!(elapsed[2] >= 2 * TIMEOUT, "{elapsed:?}");
}

#[tokio::test]
async fn stalling_recipient_does_not_delay_another() {
    let server = server_with_auth();
    server.set_for("slow@example.com", SmtpStep::Rcpt, Behavior::Stall);
    let mailer = mailer_for(&server);
    let (slow, ada) = (message("slow@example.com"), message("ada@example.com"));
    let (slow, ada) = tokio::join!(mailer.send(&slow), mailer.send(&ada));
    assert!(slow.is_err());
    ada.expect("sent");
}
