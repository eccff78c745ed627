//! The transports for email, against a scripted mail server.
#![expect(clippy::expect_used, reason = "a failed setup fails the test")]

mod addresses;
mod smtp;
mod timeouts;
mod tls;

use std::{fs, time::Duration};

use chrono::{DateTime, TimeDelta};
use uuid::Uuid;
use vestibule_domain::{EmailKind, EmailMessage, Mailer, SendError};
use vestibule_mailer::{LettreMailer, MailerSettings};

fn settings(url: &str) -> MailerSettings {
    MailerSettings {
        url: url.parse().expect("a mail URL"),
        from: "Accounts <accounts@example.com>".parse().expect("a sender"),
        public_url: "https://accounts.example.com".to_owned(),
        ehlo_name: "accounts.example.com".parse().expect("a name"),
        ca_certificates: None,
        timeout: Duration::from_secs(20),
    }
}

fn mailer(url: &str) -> LettreMailer {
    LettreMailer::new(settings(url)).expect("a mail server")
}

fn message(to: &str) -> EmailMessage {
    EmailMessage {
        id: Uuid::from_u128(7),
        kind: EmailKind::ResetPassword,
        to: to.to_owned(),
        name: Some("Ada".to_owned()),
        token: format!("{}.{}", "0".repeat(32), "1".repeat(64)).parse().ok(),
        note: None,
        at: DateTime::UNIX_EPOCH,
        sent_at: DateTime::UNIX_EPOCH + TimeDelta::hours(1),
    }
}

#[tokio::test]
async fn file_transport_writes_one_file_per_message_id() {
    let folder = tempfile::tempdir().expect("a folder");
    let mail = folder.path().join("mail");
    let mailer = mailer(&format!("file:{}", mail.display()));
    for _ in 0..2 {
        mailer.send(&message("ada@example.com")).await.expect("written");
    }
    let names: Vec<_> = fs::read_dir(&mail).expect("a folder").flatten().collect();
    assert_eq!(names.len(), 1, "sending the same message twice writes one file");
    let text = fs::read_to_string(names[0].path()).expect("text");
    for part in [
        "From: Accounts <accounts@example.com>",
        "To: ada@example.com",
        "Message-ID: <00000000-0000-0000-0000-000000000007@example.com>",
        "Date: Thu, 01 Jan 1970 01:00:00 +0000",
        "Auto-Submitted: auto-generated",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Type: text/html; charset=utf-8",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[tokio::test]
async fn invalid_recipient_is_rejected_permanently() {
    let folder = tempfile::tempdir().expect("a folder");
    let mailer = mailer(&format!("file:{}", folder.path().display()));
    let rejected = mailer.send(&message("ada@nowhere@example.com")).await;
    assert!(matches!(rejected, Err(SendError::InvalidAddress(_))), "{rejected:?}");
}
