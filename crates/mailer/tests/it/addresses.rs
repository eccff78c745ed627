//! Internationalized addresses.

use vestibule_domain::{Mailer, SendError};
use vestibule_mailer::LettreMailer;
use vestibule_testing::{MailServer, SmtpFeatures};

use crate::{mailer, message, settings};

fn international() -> MailServer {
    MailServer::with_features(SmtpFeatures {
        smtputf8: true,
        ..SmtpFeatures::default()
    })
}

#[tokio::test]
async fn recipient_domain_is_sent_in_ascii() {
    for server in [MailServer::with_features(SmtpFeatures::default()), international()] {
        mailer(&server.url)
            .send(&message("ada@bücher.example"))
            .await
            .expect("sent");
        let transcript = server.next_transcript();
        assert!(
            transcript.contains("RCPT TO:<ada@xn--bcher-kva.example>"),
            "{transcript}"
        );
        assert!(transcript.contains("To: ada@xn--bcher-kva.example"), "{transcript}");
        assert!(
            transcript.is_ascii() && !transcript.contains("SMTPUTF8"),
            "{transcript}"
        );
    }
}

#[tokio::test]
async fn non_ascii_local_part_requires_smtputf8() {
    let server = MailServer::with_features(SmtpFeatures::default());
    let rejected = mailer(&server.url).send(&message("josé@example.com")).await;
    let Err(SendError::Rejected(reason)) = rejected else {
        panic!("{rejected:?}");
    };
    assert!(reason.contains("SMTPUTF8"), "{reason}");
    let server = international();
    mailer(&server.url)
        .send(&message("josé@bücher.example"))
        .await
        .expect("sent");
    let transcript = server.next_transcript();
    assert!(
        transcript.contains("MAIL FROM:<accounts@example.com> SMTPUTF8"),
        "{transcript}"
    );
    assert!(
        transcript.contains("RCPT TO:<josé@xn--bcher-kva.example>"),
        "{transcript}"
    );
    assert!(transcript.contains("To: josé@xn--bcher-kva.example"), "{transcript}");
}

#[tokio::test]
async fn sender_domain_is_sent_in_ascii() {
    let server = MailServer::with_features(SmtpFeatures::default());
    let mut settings = settings(&server.url);
    settings.from = "Konten <konto@müller.example>".parse().expect("a sender");
    let mailer = LettreMailer::new(settings).expect("a mail server");
    mailer.send(&message("ada@example.com")).await.expect("sent");
    let transcript = server.next_transcript();
    for part in [
        "MAIL FROM:<konto@xn--mller-kva.example>",
        "From: Konten <konto@xn--mller-kva.example>",
        "Message-ID: <00000000-0000-0000-0000-000000000007@xn--mller-kva.example>",
    ] {
        assert!(transcript.contains(part), "{part} is not in {transcript}");
    }
    assert!(transcript.is_ascii(), "{transcript}");
}

/// The cause is the configured sender, not the recipient.
#[tokio::test]
async fn non_ascii_sender_without_smtputf8_makes_server_unavailable() {
    let server = MailServer::with_features(SmtpFeatures::default());
    let mut settings = settings(&server.url);
    settings.from = "josé@example.com".parse().expect("a sender");
    let failed = LettreMailer::new(settings)
        .expect("a mail server")
        .send(&message("ada@example.com"))
        .await;
    assert!(matches!(failed, Err(SendError::Unavailable(_))), "{failed:?}");
}
