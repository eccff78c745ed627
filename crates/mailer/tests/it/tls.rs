//! TLS to mail servers.

use vestibule_domain::{Mailer, SendError};
use vestibule_mailer::{CaCertificates, LettreMailer};
use vestibule_testing::{Behavior, MailServer, SmtpFeatures, SmtpStep};

use crate::{mailer, message, settings};

/// Returns the authority that issued the certificate of the server.
pub(crate) fn ca_certificates(server: &MailServer) -> CaCertificates {
    CaCertificates::from_pem(server.ca_pem.as_bytes()).expect("a certificate")
}

fn starttls() -> MailServer {
    MailServer::with_features(SmtpFeatures {
        starttls: true,
        ..SmtpFeatures::default()
    })
}

fn mailer_trusting(url: &str, server: &MailServer) -> LettreMailer {
    let mut settings = settings(url);
    settings.ca_certificates = Some(ca_certificates(server));
    LettreMailer::new(settings).expect("a mail server")
}

/// Exim and Postfix have self-signed certificates on a default Debian machine.
#[tokio::test]
async fn opportunistic_tls_accepts_any_certificate() {
    let server = starttls();
    mailer(&server.url)
        .send(&message("ada@example.com"))
        .await
        .expect("sent");
    let transcript = server.next_transcript();
    let (before, after) = transcript.split_once("(TLS)").expect("TLS");
    assert!(
        !before.contains("MAIL FROM") && after.contains("MAIL FROM"),
        "{transcript}"
    );
}

#[tokio::test]
async fn opportunistic_tls_falls_back_to_plaintext() {
    for behavior in [
        Behavior::reply("454 4.7.0 TLS not available due to local problem"),
        Behavior::Disconnect,
    ] {
        let server = starttls();
        server.set(SmtpStep::StartTls, behavior.clone());
        let sent = mailer(&server.url).send(&message("ada@example.com")).await;
        sent.unwrap_or_else(|error| panic!("{behavior:?}: {error}"));
    }
}

#[tokio::test]
async fn tls_none_does_not_use_starttls() {
    let server = starttls();
    let mailer = mailer(&format!("{}?tls=none", server.url));
    mailer.send(&message("ada@example.com")).await.expect("sent");
    let transcript = server.next_transcript();
    assert!(!transcript.contains("STARTTLS"), "{transcript}");
}

#[tokio::test]
async fn required_tls_rejects_untrusted_certificate() {
    let server = starttls();
    let url = format!("{}?tls=required", server.url);
    let failed = mailer(&url).send(&message("ada@example.com")).await;
    let Err(SendError::Unavailable(reason)) = failed else {
        panic!("{failed:?}");
    };
    assert!(reason.contains("certificate"), "{reason}");
    mailer_trusting(&url, &server)
        .send(&message("ada@example.com"))
        .await
        .expect("sent");
    let other = starttls();
    let failed = mailer_trusting(&url, &other).send(&message("ada@example.com")).await;
    assert!(failed.is_err(), "the authority of another server");
}

#[tokio::test]
async fn required_tls_fails_without_starttls() {
    let server = MailServer::with_features(SmtpFeatures::default());
    let failed = mailer(&format!("{}?tls=required", server.url))
        .send(&message("ada@example.com"))
        .await;
    assert!(matches!(failed, Err(SendError::Unavailable(_))), "{failed:?}");
}

#[tokio::test]
async fn smtps_verifies_certificate_and_authenticates() {
    let server = MailServer::with_features(SmtpFeatures {
        implicit_tls: true,
        auth: true,
        ..SmtpFeatures::default()
    });
    let url = server.url.replace("smtps://", "smtps://ada:hunter2@");
    let failed = mailer(&url).send(&message("ada@example.com")).await;
    assert!(matches!(failed, Err(SendError::Unavailable(_))), "{failed:?}");
    mailer_trusting(&url, &server)
        .send(&message("ada@example.com"))
        .await
        .expect("sent");
    loop {
        let transcript = server.next_transcript();
        if transcript.contains("AUTH") {
            assert!(transcript.starts_with("(TLS)"), "{transcript}");
            break;
        }
    }
}
