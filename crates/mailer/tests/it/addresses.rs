//! Addresses beyond ASCII.

use vestibule_domain::{Mailer, SendError};
use vestibule_mailer::Post;
use vestibule_testing::{MailServer, Offers};

use crate::{letter, post, settings};

fn international() -> MailServer {
    MailServer::offering(Offers {
        smtputf8: true,
        ..Offers::default()
    })
}

#[tokio::test]
async fn a_domain_travels_in_ascii_in_the_envelope_and_the_header() {
    for server in [MailServer::offering(Offers::default()), international()] {
        post(&server.url)
            .send(&letter("ada@bücher.example"))
            .await
            .expect("sent");
        let heard = server.heard();
        assert!(heard.contains("RCPT TO:<ada@xn--bcher-kva.example>"), "{heard}");
        assert!(heard.contains("To: ada@xn--bcher-kva.example"), "{heard}");
        assert!(heard.is_ascii() && !heard.contains("SMTPUTF8"), "{heard}");
    }
}

#[tokio::test]
async fn a_local_part_beyond_ascii_needs_a_server_with_smtputf8() {
    let server = MailServer::offering(Offers::default());
    let refused = post(&server.url).send(&letter("josé@example.com")).await;
    let Err(SendError::Refused(reason)) = refused else {
        panic!("{refused:?}");
    };
    assert!(reason.contains("SMTPUTF8"), "{reason}");
    let server = international();
    post(&server.url)
        .send(&letter("josé@bücher.example"))
        .await
        .expect("sent");
    let heard = server.heard();
    assert!(heard.contains("MAIL FROM:<accounts@example.com> SMTPUTF8"), "{heard}");
    assert!(heard.contains("RCPT TO:<josé@xn--bcher-kva.example>"), "{heard}");
    assert!(heard.contains("To: josé@xn--bcher-kva.example"), "{heard}");
}

#[tokio::test]
async fn a_senders_domain_beyond_ascii_is_in_ascii_everywhere() {
    let server = MailServer::offering(Offers::default());
    let mut settings = settings(&server.url);
    settings.from = "Konten <konto@müller.example>".parse().expect("a sender");
    let post = Post::new(settings).expect("a mail server");
    post.send(&letter("ada@example.com")).await.expect("sent");
    let heard = server.heard();
    for part in [
        "MAIL FROM:<konto@xn--mller-kva.example>",
        "From: Konten <konto@xn--mller-kva.example>",
        "Message-ID: <00000000-0000-0000-0000-000000000007@xn--mller-kva.example>",
    ] {
        assert!(heard.contains(part), "{part} is not in {heard}");
    }
    assert!(heard.is_ascii(), "{heard}");
}

/// That is a fault of the settings, and none of the recipients.
#[tokio::test]
async fn a_senders_local_part_beyond_ascii_makes_a_server_without_smtputf8_unavailable() {
    let server = MailServer::offering(Offers::default());
    let mut settings = settings(&server.url);
    settings.from = "josé@example.com".parse().expect("a sender");
    let failed = Post::new(settings)
        .expect("a mail server")
        .send(&letter("ada@example.com"))
        .await;
    assert!(matches!(failed, Err(SendError::Unavailable(_))), "{failed:?}");
}
