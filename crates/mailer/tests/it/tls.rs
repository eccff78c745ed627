//! TLS to mail servers.

use vestibule_domain::{Mailer, SendError};
use vestibule_mailer::{CaCertificates, Post};
use vestibule_testing::{Behaviour, MailServer, Offers, SmtpStep};

use crate::{letter, post, settings};

/// The authority by which the certificate of the server is valid.
pub(crate) fn authority(server: &MailServer) -> CaCertificates {
    CaCertificates::from_pem(server.ca_pem.as_bytes()).expect("a certificate")
}

fn starttls() -> MailServer {
    MailServer::offering(Offers {
        starttls: true,
        ..Offers::default()
    })
}

fn trusting(url: &str, server: &MailServer) -> Post {
    let mut settings = settings(url);
    settings.authorities = Some(authority(server));
    Post::new(settings).expect("a mail server")
}

/// As Exim and Postfix on an ordinary Debian machine.
#[tokio::test]
async fn opportunistic_tls_takes_any_certificate() {
    let server = starttls();
    post(&server.url).send(&letter("ada@example.com")).await.expect("sent");
    let heard = server.heard();
    let (before, after) = heard.split_once("(TLS)").expect("TLS");
    assert!(!before.contains("MAIL FROM") && after.contains("MAIL FROM"), "{heard}");
}

#[tokio::test]
async fn opportunistic_tls_goes_on_without_tls_when_the_server_cannot() {
    for behaviour in [
        Behaviour::reply("454 4.7.0 TLS not available due to local problem"),
        Behaviour::Disconnect,
    ] {
        let server = starttls();
        server.set(SmtpStep::StartTls, behaviour.clone());
        let sent = post(&server.url).send(&letter("ada@example.com")).await;
        sent.unwrap_or_else(|error| panic!("{behaviour:?}: {error}"));
    }
}

#[tokio::test]
async fn without_tls_starttls_is_not_used() {
    let server = starttls();
    let post = post(&format!("{}?tls=none", server.url));
    post.send(&letter("ada@example.com")).await.expect("sent");
    let heard = server.heard();
    assert!(!heard.contains("STARTTLS"), "{heard}");
}

#[tokio::test]
async fn required_tls_takes_only_a_certificate_of_a_trusted_authority() {
    let server = starttls();
    let url = format!("{}?tls=required", server.url);
    let failed = post(&url).send(&letter("ada@example.com")).await;
    let Err(SendError::Unavailable(reason)) = failed else {
        panic!("{failed:?}");
    };
    assert!(reason.contains("certificate"), "{reason}");
    trusting(&url, &server)
        .send(&letter("ada@example.com"))
        .await
        .expect("sent");
    let other = starttls();
    let failed = trusting(&url, &other).send(&letter("ada@example.com")).await;
    assert!(failed.is_err(), "the authority of another server");
}

#[tokio::test]
async fn required_tls_fails_where_starttls_is_not_offered() {
    let server = MailServer::offering(Offers::default());
    let failed = post(&format!("{}?tls=required", server.url))
        .send(&letter("ada@example.com"))
        .await;
    assert!(matches!(failed, Err(SendError::Unavailable(_))), "{failed:?}");
}

#[tokio::test]
async fn smtps_verifies_the_certificate_and_sends_the_password() {
    let server = MailServer::offering(Offers {
        implicit_tls: true,
        auth: true,
        ..Offers::default()
    });
    let url = server.url.replace("smtps://", "smtps://ada:hunter2@");
    let failed = post(&url).send(&letter("ada@example.com")).await;
    assert!(matches!(failed, Err(SendError::Unavailable(_))), "{failed:?}");
    trusting(&url, &server)
        .send(&letter("ada@example.com"))
        .await
        .expect("sent");
    loop {
        let heard = server.heard();
        if heard.contains("AUTH") {
            assert!(heard.starts_with("(TLS)"), "{heard}");
            break;
        }
    }
}
