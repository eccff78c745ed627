//! Letters to a mail server.

use std::net::TcpListener;

use vestibule_domain::{Mailer, SendError};
use vestibule_testing::{AtTheEnd, Behaviour, MailServer, Offers, SmtpStep};

use crate::{letter, post};

#[tokio::test]
async fn a_mail_server_gets_the_letter() {
    let server = MailServer::start("250 ok", AtTheEnd::Accept);
    post(&server.url).send(&letter("ada@example.com")).await.expect("sent");
    let heard = server.heard();
    for part in [
        "EHLO accounts.example.com",
        "MAIL FROM:<accounts@example.com>",
        "RCPT TO:<ada@example.com>",
        "Subject: ",
        "reset-password#token=",
    ] {
        assert!(heard.contains(part), "{part} is not in {heard}");
    }
}

#[tokio::test]
async fn a_refusal_for_good_is_told_from_one_for_now() {
    let server = MailServer::start("550 no such user", AtTheEnd::Accept);
    let refused = post(&server.url).send(&letter("ada@example.com")).await;
    assert!(matches!(refused, Err(SendError::Refused(_))), "{refused:?}");
    let server = MailServer::start("450 greylisted", AtTheEnd::Accept);
    let failed = post(&server.url).send(&letter("ada@example.com")).await;
    assert!(matches!(failed, Err(SendError::Failed(_))), "{failed:?}");
}

#[tokio::test]
async fn a_mail_server_that_is_not_there_is_a_failure_for_now() {
    let port = {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        listener.local_addr().expect("an address").port()
    };
    let post = post(&format!("smtp://127.0.0.1:{port}"));
    let failed = post.send(&letter("ada@example.com")).await;
    assert!(matches!(failed, Err(SendError::Unavailable(_))), "{failed:?}");
    assert!(post.check().await.is_err());
}

#[tokio::test]
async fn a_server_that_rejects_this_client_is_not_a_fault_of_the_recipient() {
    let replies = [
        (SmtpStep::Greeting, "554 no SMTP service here"),
        (SmtpStep::Greeting, "421 too many connections"),
        (SmtpStep::Ehlo, "550 bad HELO"),
        (SmtpStep::Mail, "530 5.7.0 Authentication required"),
        (SmtpStep::Mail, "550 5.7.1 Sender rejected"),
        (SmtpStep::Mail, "452 4.3.1 Insufficient system storage"),
    ];
    for (step, reply) in replies {
        let server = MailServer::offering(Offers::default());
        server.set(step, Behaviour::reply(reply));
        let post = post(&server.url);
        let failed = post.send(&letter("ada@example.com")).await;
        let Err(SendError::Unavailable(reason)) = failed else {
            panic!("{step:?} {reply}: {failed:?}");
        };
        assert!(reason.contains(&reply[4..]), "{reason}");
        assert!(post.check().await.is_err(), "the check finds it too: {step:?} {reply}");
    }
}

#[tokio::test]
async fn a_reply_that_may_be_about_this_client_is_unclear() {
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
        let server = MailServer::offering(Offers::default());
        server.set(step, Behaviour::reply(reply));
        let failed = post(&server.url).send(&letter("ada@example.com")).await;
        let Err(SendError::Unclear { reason, is_permanent }) = failed else {
            panic!("{step:?} {reply}: {failed:?}");
        };
        assert_eq!(is_permanent, expected, "{reason}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_not_a_fault_of_the_recipient() {
    let server = MailServer::offering(Offers {
        implicit_tls: true,
        auth: true,
        ..Offers::default()
    });
    server.set(
        SmtpStep::Auth,
        Behaviour::reply("535 5.7.8 Authentication credentials invalid"),
    );
    let url = server.url.replace("smtps://", "smtps://ada:hunter2@");
    let mut settings = crate::settings(&url);
    settings.authorities = Some(crate::tls::authority(&server));
    let post = vestibule_mailer::Post::new(settings).expect("a mail server");
    let failed = post.send(&letter("ada@example.com")).await;
    assert!(matches!(failed, Err(SendError::Unavailable(_))), "{failed:?}");
}

#[tokio::test]
async fn several_messages_share_a_connection_also_after_a_rejected_recipient() {
    let server = MailServer::offering(Offers::default());
    server.set_for(
        "eve@example.com",
        SmtpStep::Rcpt,
        Behaviour::reply("550 5.1.1 no such user"),
    );
    let post = post(&server.url);
    post.send(&letter("ada@example.com")).await.expect("sent");
    let refused = post.send(&letter("eve@example.com")).await;
    assert!(matches!(refused, Err(SendError::Refused(_))), "{refused:?}");
    post.send(&letter("grace@example.com")).await.expect("sent");
    assert_eq!(server.connections(), 1);
    let heard = [server.heard(), server.heard()].concat();
    assert!(heard.contains("RSET"), "{heard}");
}

#[tokio::test]
async fn a_connection_that_the_server_has_closed_is_replaced() {
    let server = MailServer::offering(Offers::default());
    server.set(SmtpStep::Message, Behaviour::reply("250 queued"));
    let post = post(&server.url);
    for _ in 0..3 {
        post.send(&letter("ada@example.com")).await.expect("sent");
        post.close().await;
    }
    assert_eq!(server.connections(), 3);
}

/// A password never goes to a server that offers no TLS.
#[tokio::test]
async fn a_password_needs_tls() {
    let server = MailServer::start("250 ok", AtTheEnd::Accept);
    let url = server.url.replace("smtp://", "smtp://ada:hunter2@");
    assert!(post(&url).send(&letter("ada@example.com")).await.is_err());
    let heard = server.heard();
    assert!(!heard.contains("AUTH") && !heard.contains("MAIL FROM"), "{heard}");
}
