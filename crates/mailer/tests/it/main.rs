//! The ways by which mail goes.
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod addresses;
mod smtp;
mod stalls;
mod tls;

use std::{fs, time::Duration};

use chrono::{DateTime, TimeDelta};
use uuid::Uuid;
use vestibule_domain::{EmailKind, EmailMessage, Mailer, SendError};
use vestibule_mailer::{Post, PostSettings};

fn settings(url: &str) -> PostSettings {
    PostSettings {
        url: url.parse().expect("a way"),
        from: "Accounts <accounts@example.com>".parse().expect("a sender"),
        public_url: "https://accounts.example.com".to_owned(),
        ehlo_name: "accounts.example.com".parse().expect("a name"),
        authorities: None,
        timeout: Duration::from_secs(20),
    }
}

fn post(url: &str) -> Post {
    Post::new(settings(url)).expect("a mail server")
}

fn letter(to: &str) -> EmailMessage {
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
async fn a_file_holds_the_whole_letter_under_its_identifier() {
    let folder = tempfile::tempdir().expect("a folder");
    let mail = folder.path().join("mail");
    let post = post(&format!("file:{}", mail.display()));
    for _ in 0..2 {
        post.send(&letter("ada@example.com")).await.expect("written");
    }
    let names: Vec<_> = fs::read_dir(&mail).expect("a folder").flatten().collect();
    assert_eq!(names.len(), 1, "the same letter twice is one file");
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
async fn who_cannot_get_mail_is_refused_for_good() {
    let folder = tempfile::tempdir().expect("a folder");
    let post = post(&format!("file:{}", folder.path().display()));
    let refused = post.send(&letter("ada@nowhere@example.com")).await;
    assert!(matches!(refused, Err(SendError::InvalidAddress(_))), "{refused:?}");
}
