//! Delivery to a mail server, and the classification of its replies.

use std::net::TcpListener;

use vestibule_domain::{Mailer, SendError};
use vestibule_mailer::LettreMailer;
use vestibule_testing::{Behavior, FinalReply, MailServer, SmtpFeatures, SmtpStep};

use crate::{mailer, message};

#[tokio::test]
async fn server_receives_envelope_and_message() {
    let server = MailServer::start("250 ok", FinalReply::Accept);
    mailer(&server.url)
        .send(&message("ada@example.com"))
        .await
        .expect("sent");
    let transcript = server.next_transcript();
    for part in [
        "EHLO accounts.example.com",
        "MAIL FROM:<accounts@example.com>",
        "RCPT TO:<ada@example.com>",
        "Subject: ",
        "reset-password#token=",
    ] {
        assert!(transcript.contains(part), "{part} is not in {transcript}");
    }
}

#[tokio::test]
async fn permanent_and_temporary_rejections_differ() {
    let server = MailServer::start("550 no such user", FinalReply::Accept);
    let rejected = mailer(&server.url).send(&message("ada@example.com")).await;
    assert!(matches!(rejected, Err(SendError::Rejected(_))), "{rejected:?}");
    let server = MailServer::start("450 greylisted", FinalReply::Accept);
    let failed = mailer(&server.url).send(&message("ada@example.com")).await;
    assert!(matches!(failed, Err(SendError::Failed(_))), "{failed:?}");
}

#[tokio::test]
async fn unreachable_server_is_unavailable() {
    let port = {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        listener.local_addr().expect("an address").port()
    };
    let mailer = mailer(&format!("smtp://127.0.0.1:{port}"));
    let failed = mailer.send(&message("ada@example.com")).await;
    assert!(matches!(failed, Err(SendError::Unavailable(_))), "{failed:?}");
    assert!(mailer.check().await.is_err());
}

#[tokio::test]
async fn rejection_before_recipient_makes_server_unavailable() {
    let replies = [
        (SmtpStep::Greeting, "554 no SMTP service here"),
        (SmtpStep::Greeting, "421 too many connections"),
        (SmtpStep::Ehlo, "550 bad HELO"),
        (SmtpStep::Mail, "530 5.7.0 Authentication required"),
        (SmtpStep::Mail, "550 5.7.1 Sender rejected"),
        (SmtpStep::Mail, "452 4.3.1 Insufficient system storage"),
    ];
    for (step, reply) in replies {
        let server = MailServer::with_features(SmtpFeatures::default());
        server.set(step, Behavior::reply(reply));
        let mailer = mailer(&server.url);
        let failed = mailer.send(&message("ada@example.com")).await;
        let Err(SendError::Unavailable(reason)) = failed else {
            panic!("{step:?} {reply}: {failed:?}");
        };
        assert!(reason.contains(&reply[4..]), "{reason}");
        assert!(mailer.check().await.is_err(), "the check fails too: {step:?} {reply}");
    }
}

#[tokio::test]
async fn rejection_that_may_concern_client_is_unclear() {
    let replies = [
        (
            SmtpStep::Rcpt,
            "554 5.7.1 <ada@example.com>: Relay access denied",
            false,
        ),
        (SmtpStep::Rcpt, "550 relay not permitted", false),
        (SmtpStep::Rcpt, "530 Authentication required", false),
        (SmtpStep::Data, "554 5.7.1 rejected by policy", true),
        (SmtpStep::Message, "550 5.7.26 unauthenticated sender", false),
        (SmtpStep::Message, "421 4.7.0 try again later", false),
    ];
    for (step, reply, expected) in replies {
        let server = MailServer::with_features(SmtpFeatures::default());
        server.set(step, Behavior::reply(reply));
        let failed = mailer(&server.url).send(&message("ada@example.com")).await;
        let Err(SendError::Unclear { reason, is_permanent }) = failed else {
            panic!("{step:?} {reply}: {failed:?}");
        };
        assert_eq!(is_permanent, expected, "{reason}");
    }
}

#[tokio::test]
async fn wrong_password_makes_server_unavailable() {
    let server = MailServer::with_features(SmtpFeatures {
        implicit_tls: true,
        auth: true,
        ..SmtpFeatures::default()
    });
    server.set(
        SmtpStep::Auth,
        Behavior::reply("535 5.7.8 Authentication credentials invalid"),
    );
    let url = server.url.replace("smtps://", "smtps://ada:hunter2@");
    let mut settings = crate::settings(&url);
    settings.ca_certificates = Some(crate::tls::ca_certificates(&server));
    let mailer = LettreMailer::new(settings).expect("a mail server");
    let failed = mailer.send(&message("ada@example.com")).await;
    assert!(matches!(failed, Err(SendError::Unavailable(_))), "{failed:?}");
}

#[tokio::test]
async fn connection_is_reused_even_after_rejected_recipient() {
    let server = MailServer::with_features(SmtpFeatures::default());
    server.set_for(
        "eve@example.com",
        SmtpStep::Rcpt,
        Behavior::reply("550 5.1.1 no such user"),
    );
    let mailer = mailer(&server.url);
    mailer.send(&message("ada@example.com")).await.expect("sent");
    let rejected = mailer.send(&message("eve@example.com")).await;
    assert!(matches!(rejected, Err(SendError::Rejected(_))), "{rejected:?}");
    mailer.send(&message("grace@example.com")).await.expect("sent");
    assert_eq!(server.connections(), 1);
    let transcript = [server.next_transcript(), server.next_transcript()].concat();
    assert!(transcript.contains("RSET"), "{transcript}");
}

#[tokio::test]
async fn closed_connection_is_replaced() {
    let server = MailServer::with_features(SmtpFeatures::default());
    server.set(SmtpStep::Message, Behavior::reply("250 queued"));
    let mailer = mailer(&server.url);
    for _ in 0..3 {
        mailer.send(&message("ada@example.com")).await.expect("sent");
        mailer.close().await;
    }
    assert_eq!(server.connections(), 3);
}

#[tokio::test]
async fn password_is_not_sent_without_tls() {
    let server = MailServer::start("250 ok", FinalReply::Accept);
    let url = server.url.replace("smtp://", "smtp://ada:hunter2@");
    assert!(mailer(&url).send(&message("ada@example.com")).await.is_err());
    let transcript = server.next_transcript();
    assert!(
        !transcript.contains("AUTH") && !transcript.contains("MAIL FROM"),
        "{transcript}"
    );
}
