//! Mail servers that accept a connection and do not go on.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use vestibule_domain::{Mailer, SendError};
use vestibule_mailer::Post;
use vestibule_testing::{Behaviour, MailServer, Offers, SmtpStep};

use crate::{letter, settings, tls::authority};

/// Long enough for a handshake on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Much longer than the time-out, and shorter than what a test may take.
const PATIENCE: Duration = Duration::from_mins(1);

fn post_to(server: &MailServer) -> Post {
    let mut settings = settings(&server.url.replace("://", "://ada:hunter2@"));
    settings.timeout = TIMEOUT;
    settings.authorities = Some(authority(server));
    Post::new(settings).expect("a mail server")
}

fn offering() -> MailServer {
    MailServer::offering(Offers {
        starttls: true,
        auth: true,
        ..Offers::default()
    })
}

#[tokio::test]
async fn a_server_that_stalls_or_dribbles_at_any_step_is_given_up() {
    let behaviours = [Behaviour::Stall, Behaviour::Dribble];
    let cases = behaviours
        .iter()
        .flat_map(|behaviour| SmtpStep::ALL.map(|step| Box::pin(gives_up(behaviour, step))));
    join_all(cases).await;
}

async fn gives_up(behaviour: &Behaviour, step: SmtpStep) {
    let server = offering();
    server.set(step, behaviour.clone());
    let post = post_to(&server);
    let sent = tokio::time::timeout(PATIENCE, post.send(&letter("ada@example.com"))).await;
    let sent = sent.unwrap_or_else(|_| panic!("{step:?} {behaviour:?} is waited for without end"));
    let is_about_message = matches!(step, SmtpStep::Rcpt | SmtpStep::Data | SmtpStep::Message);
    let is_expected = match sent {
        Err(SendError::Unavailable(_)) => !is_about_message,
        Err(SendError::Unclear { is_permanent, .. }) => is_about_message && !is_permanent,
        _ => false,
    };
    assert!(is_expected, "{step:?} {behaviour:?}: {sent:?}");
    let checked = tokio::time::timeout(PATIENCE, post.check()).await;
    let checked = checked.unwrap_or_else(|_| panic!("{step:?} {behaviour:?}: the check does not end"));
    assert_eq!(
        checked.is_err(),
        !is_about_message,
        "{step:?} {behaviour:?}: {checked:?}"
    );
}

/// A conversation that was given up must not go on with the next message: it would get the replies of the
/// one before, and a message that was never accepted would count as sent.
#[tokio::test]
async fn after_a_stall_the_next_message_has_a_connection_of_its_own() {
    let cases = SmtpStep::ALL.map(|step| {
        Box::pin(async move {
            let server = offering();
            server.set(step, Behaviour::Stall);
            let post = post_to(&server);
            post.send(&letter("ada@example.com")).await.expect_err("it stalls");
            let before = server.connections();
            server.recover();
            post.send(&letter("ada@example.com")).await.expect("it has recovered");
            assert_eq!(server.connections(), before + 1, "{step:?}");
        })
    });
    join_all(cases).await;
}

#[tokio::test]
async fn a_server_that_hangs_up_at_any_step_fails_for_now() {
    for step in SmtpStep::ALL {
        let server = offering();
        server.set(step, Behaviour::Disconnect);
        let failed = post_to(&server).send(&letter("ada@example.com")).await;
        let is_for_now = matches!(
            failed,
            Err(SendError::Unavailable(_)
                | SendError::Unclear {
                    is_permanent: false,
                    ..
                })
        );
        assert!(is_for_now, "{step:?}: {failed:?}");
    }
}

/// It has perhaps accepted the message, and would get it again each time.
#[tokio::test]
async fn a_server_that_is_slow_to_accept_a_message_gets_more_time() {
    let server = offering();
    server.set(SmtpStep::Message, Behaviour::Stall);
    let post = post_to(&server);
    let mut took = Vec::new();
    for _ in 0..3 {
        let start = Instant::now();
        post.send(&letter("ada@example.com")).await.expect_err("it stalls");
        took.push(start.elapsed());
    }
    assert!(took[2] >= 2 * TIMEOUT, "{took:?}");
}

#[tokio::test]
async fn one_recipient_that_stalls_holds_up_no_other() {
    let server = offering();
    server.set_for("slow@example.com", SmtpStep::Rcpt, Behaviour::Stall);
    let post = post_to(&server);
    let (slow, ada) = (letter("slow@example.com"), letter("ada@example.com"));
    let (slow, ada) = tokio::join!(post.send(&slow), post.send(&ada));
    assert!(slow.is_err());
    ada.expect("sent");
}
