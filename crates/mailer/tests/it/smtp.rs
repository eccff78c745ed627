//! A mail server that answers as it is told.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    thread,
};

use vestibule_domain::mail::{Mailer, SendError};

use crate::{letter, post};

/// Speaks SMTP (RFC 5321) with one client, answers `RCPT` with `recipient`, and gives what the client sent.
fn server(recipient: &'static str) -> (String, thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let url = format!("smtp://{}", listener.local_addr().expect("an address"));
    let talk = thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a client");
        converse(&stream, recipient)
    });
    (url, talk)
}

fn converse(stream: &TcpStream, recipient: &str) -> Vec<String> {
    let mut out = stream;
    let mut say = |line: &str| write!(out, "{line}\r\n").expect("the client listens");
    say("220 mail.example.com");
    let mut heard = Vec::new();
    let mut in_data = false;
    for line in BufReader::new(stream).lines().map_while(Result::ok) {
        match line.split(' ').next().unwrap_or_default() {
            "." if in_data => {
                say("250 queued");
                break;
            }
            _ if in_data => {}
            "EHLO" => say("250 mail.example.com"),
            "RCPT" => say(recipient),
            "DATA" => {
                in_data = true;
                say("354 go on");
            }
            "QUIT" => say("221 bye"),
            _ => say("250 ok"),
        }
        heard.push(line);
    }
    heard
}

#[tokio::test]
async fn a_mail_server_gets_the_letter() {
    let (url, talk) = server("250 ok");
    post(&url).send(&letter("ada@example.com")).await.expect("sent");
    let heard = talk.join().expect("talked").join("\n");
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
    let (url, _talk) = server("550 no such user");
    let refused = post(&url).send(&letter("ada@example.com")).await;
    assert!(matches!(refused, Err(SendError::Refused(_))), "{refused:?}");
    let (url, _talk) = server("450 greylisted");
    let failed = post(&url).send(&letter("ada@example.com")).await;
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
    let (url, talk) = server("250 ok");
    let url = url.replace("smtp://", "smtp://ada:hunter2@");
    assert!(post(&url).send(&letter("ada@example.com")).await.is_err());
    let heard = talk.join().expect("talked").join("\n");
    assert!(!heard.contains("AUTH") && !heard.contains("MAIL FROM"), "{heard}");
}
