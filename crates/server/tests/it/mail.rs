//! Mail, from the program to a file.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use rustix::process::Signal;
use serde_json::json;
use vestibule_testing::{AtTheEnd, MailServer};

use crate::support::{Folder, Server, on_postgres, post, stderr, stdout};

/// Nothing listens there.
const NOWHERE: &str = "smtp://127.0.0.1:1";

/// The letters in a folder, once there are so many.
pub(crate) fn letters(folder: &Path, count: usize) -> Vec<String> {
    let until = Instant::now() + Duration::from_mins(1);
    loop {
        let found: Vec<PathBuf> = fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
            .collect();
        if found.len() >= count {
            let read = |path| fs::read_to_string(path).expect("text");
            return found.into_iter().map(read).map(|text| plain(&text)).collect();
        }
        assert!(Instant::now() < until, "{} letters of {count} came", found.len());
        thread::sleep(Duration::from_millis(20));
    }
}

/// Takes quoted-printable apart, as far as these letters use it (RFC 2045, section 6.7).
fn plain(text: &str) -> String {
    text.replace("=\r\n", "").replace("=3D", "=")
}

/// What was committed is sent, whatever happens to the server in between.
fn a_kill_between_commit_and_send_loses_nothing(settings: &[(&str, &str)]) {
    let folder = Folder::new();
    let command = |arguments: &[&str], mail: &str| -> Command {
        let mut command = folder.command(arguments);
        command.envs(settings.iter().copied()).env("VESTIBULE_MAIL_URL", mail);
        command
    };
    let server = Server::start(command(&[], NOWHERE));
    let body = json!({ "email": "ada@example.com", "password": "correct horse battery" });
    assert_eq!(server.post("/api/users", &body).status, 201);
    server.wait_for("mail cannot be sent now");
    server.signal(Signal::KILL);
    drop(server);

    let listed = command(&["mail", "list"], NOWHERE).output().expect("it runs");
    let listed = stdout(&listed);
    assert!(listed.contains("\tverify_email\tada@example.com\t"), "{listed}");
    assert!(listed.contains("failed for now"), "{listed}");
    let retried = command(&["mail", "retry"], NOWHERE).output().expect("it runs");
    assert_eq!(stdout(&retried), "one mail will be tried again\n");

    let inbox = folder.path().join("inbox");
    let server = Server::start(command(&[], &format!("file:{}", inbox.display())));
    let letter = &letters(&inbox, 1)[0];
    assert!(letter.contains("To: ada@example.com"), "{letter}");
    server.wait_for("sent mail");
    let listed = command(&["mail", "list"], NOWHERE).output().expect("it runs");
    assert_eq!(stdout(&listed), "", "and once is enough");
}

#[test]
fn a_kill_between_commit_and_send_loses_nothing_on_sqlite() {
    a_kill_between_commit_and_send_loses_nothing(&[]);
}

#[test]
fn a_kill_between_commit_and_send_loses_nothing_on_postgres() {
    on_postgres(a_kill_between_commit_and_send_loses_nothing);
}

/// A mail server that takes its time, or the letter but never says so, holds up no request; and whoever is
/// killed meanwhile sends the letter once more, by the same name.
fn a_kill_while_the_mail_server_hangs_sends_twice_at_most(settings: &[(&str, &str)]) {
    let folder = Folder::new();
    let hanging = MailServer::start("250 ok", AtTheEnd::Hang);
    let command = |arguments: &[&str], mail: &str| -> Command {
        let mut command = folder.command(arguments);
        command.envs(settings.iter().copied()).env("VESTIBULE_MAIL_URL", mail);
        command
    };
    let server = Server::start(command(&[], &hanging.url));
    let body = json!({ "email": "ada@example.com", "password": "correct horse battery" });
    assert_eq!(server.post("/api/users", &body).status, 201);
    let first = hanging.heard();
    // It still waits to hear that the letter has come.
    let forgot = json!({ "email": "ada@example.com" });
    assert_eq!(server.post("/api/auth/forgot-password", &forgot).status, 202);
    assert_eq!(server.post("/api/auth/login", &body).status, 200);
    server.signal(Signal::KILL);
    drop(server);

    let retried = command(&["mail", "retry"], NOWHERE).output().expect("it runs");
    assert_eq!(stdout(&retried), "one mail will be tried again\n");
    let working = MailServer::start("250 ok", AtTheEnd::Accept);
    let server = Server::start(command(&[], &working.url));
    let again: Vec<_> = (0..2).map(|_| working.heard()).collect();
    server.wait_for("sent mail");
    let ids: Vec<_> = again.iter().map(|letter| message_id(letter)).collect();
    assert_ne!(ids[0], ids[1]);
    assert!(
        ids.contains(&message_id(&first)),
        "it can be told for a duplicate: {ids:?}"
    );
    server.stop();
    let listed = command(&["mail", "list"], NOWHERE).output().expect("it runs");
    assert_eq!(stdout(&listed), "", "nothing is left to be sent a third time");
}

fn message_id(letter: &str) -> &str {
    let line = letter.lines().find(|line| line.starts_with("Message-ID: "));
    line.expect("every letter has one")
}

#[test]
fn a_kill_while_the_mail_server_hangs_sends_twice_at_most_on_sqlite() {
    a_kill_while_the_mail_server_hangs_sends_twice_at_most(&[]);
}

#[test]
fn a_kill_while_the_mail_server_hangs_sends_twice_at_most_on_postgres() {
    on_postgres(a_kill_while_the_mail_server_hangs_sends_twice_at_most);
}

#[test]
fn links_begin_with_the_public_url_whatever_a_client_says() {
    let folder = Folder::new();
    let inbox = folder.path().join("inbox");
    let server = folder.serve_with(&[
        ("VESTIBULE_MAIL_URL", &format!("file:{}", inbox.display())),
        ("VESTIBULE_PUBLIC_URL", "https://accounts.example.com"),
        ("VESTIBULE_TRUSTED_PROXIES", "127.0.0.1"),
    ]);
    let body = json!({ "email": "ada@example.com", "password": "correct horse battery" });
    let headers = "Host: evil.example\r\nConnection: close\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: http\r\n\
                   Forwarded: host=evil.example\r\nOrigin: https://evil.example";
    let request = post("/api/users", headers, &body).replacen("Host: localhost\r\n", "", 1);
    let mut connection = server.connect();
    connection.send(&request);
    assert_eq!(connection.answer().status, 201);
    let letter = &letters(&inbox, 1)[0];
    assert!(!letter.contains("evil"), "{letter}");
    let links = letter
        .matches("https://accounts.example.com/verify-email#token=")
        .count();
    assert!(links >= 2, "in the text and in the HTML: {letter}");
    assert!(letter.contains("From: vestibule@accounts.example.com"), "{letter}");
}

#[test]
fn the_operator_tries_whether_mail_arrives() {
    let folder = Folder::migrated();
    let inbox = folder.path().join("inbox");
    let run = |arguments: &[&str], mail: &str| {
        let done = folder.command(arguments).env("VESTIBULE_MAIL_URL", mail).output();
        let done = done.expect("it runs");
        (done.status.code(), stdout(&done), stderr(&done))
    };
    let url = format!("file:{}", inbox.display());
    let (code, told, _) = run(&["mail", "test", "ada@example.com"], &url);
    assert_eq!((code, told), (Some(0), format!("sent to ada@example.com by {url}\n")));
    assert_eq!(letters(&inbox, 1).len(), 1);
    let (code, _, told) = run(&["mail", "test", "ada@example.com"], NOWHERE);
    assert!(
        code == Some(1) && told.starts_with("vestibule: the mail was not sent: failed for now"),
        "{told}"
    );
    let (code, _, told) = run(&["mail", "test", "ada"], &url);
    assert!(code == Some(1) && told.contains("the address"), "{told}");
    let (code, told, _) = run(&["doctor"], NOWHERE);
    assert!(code == Some(1) && told.contains("FAULT  mail"), "{told}");
    let (_, told, _) = run(&["doctor"], "log:");
    assert!(told.contains("note   mail        it goes to the log"), "{told}");
}
