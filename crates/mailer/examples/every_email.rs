//! Sends one email of every kind, for `scripts/mail-servers.sh`.
//!
//! Usage: `every_email MAIL_URL FROM TO PUBLIC_URL`
#![expect(clippy::expect_used, reason = "an invalid argument ends the program")]

use std::{process::ExitCode, time::Duration};

use chrono::{TimeDelta, Utc};
use uuid::Uuid;
use vestibule_domain::{EmailKind, EmailMessage, Mailer};
use vestibule_mailer::{LettreMailer, MailerSettings};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, from, to, public_url] = arguments.as_slice() else {
        eprintln!("usage: every_email MAIL_URL FROM TO PUBLIC_URL");
        return ExitCode::FAILURE;
    };
    let host = public_url.split("://").last().expect("a URL");
    let settings = MailerSettings {
        url: url.parse().expect("a mail URL"),
        from: from.parse().expect("a sender"),
        public_url: public_url.clone(),
        ehlo_name: host.parse().expect("a host"),
        ca_certificates: None,
        timeout: Duration::from_mins(1),
    };
    let mailer = LettreMailer::new(settings).expect("a mail server");
    let mut code = ExitCode::SUCCESS;
    for (number, kind) in (0_u64..).zip(EmailKind::ALL) {
        let now = Utc::now();
        let message = EmailMessage {
            id: Uuid::from_u64_pair(now.timestamp_micros().cast_unsigned(), number),
            kind: *kind,
            to: to.clone(),
            name: Some("Ada Lovelace".to_owned()),
            token: "8f14e45fceea467f9e2a0c1d2b3a4f5e.5ad8c1f0b27e4496a3d1f60c97be2845d10f93c6be7a48521c06df3a9b84e7d2"
                .parse()
                .ok(),
            note: Some("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0".to_owned()),
            at: now - TimeDelta::minutes(1),
            sent_at: now,
        };
        match mailer.send(&message).await {
            Ok(()) => println!("sent {}", kind.as_str()),
            Err(error) => {
                println!("FAILED {}: {error}", kind.as_str());
                code = ExitCode::FAILURE;
            }
        }
    }
    mailer.close().await;
    code
}
