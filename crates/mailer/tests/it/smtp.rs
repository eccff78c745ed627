//! Letters to a mail server.

use std::net::TcpListener;

use vestibule_domain::mail::{Mailer, SendError};
use vestibule_testing::{AtTheEnd, MailServer};

use crate::{letter, post};

#[tokio::test]
async fn a_mail_server_gets_the_letter() {
    let server = MailServer::start("250 ok", AtTheEnd::Accept);
    post(&server.url).send(&letter("ada@example.com")).await.expect("sent");
    let heard = server.heard();
    for part in [
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
    assert!(matches!(failed, Err(SendError::Failed(_))), "{failed:?}");
    assert!(post.check().await.is_err());
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
