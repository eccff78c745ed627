//! Email delivery by the program, to files and to mail servers.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use rustix::process::Signal;
use serde_json::json;
use vestibule_testing::{Behavior, FinalReply, MailServer, SmtpFeatures, SmtpStep};

use crate::support::{Folder, Server, on_postgres, post, stderr, stdout, wait_until};

/// An address where nothing listens.
const UNREACHABLE: &str = "smtp://127.0.0.1:1";

/// Waits until a directory has `count` emails and returns them.
pub(crate) fn emails(directory: &Path, count: usize) -> Vec<String> {
    let until = Instant::now() + Duration::from_mins(1);
    loop {
        let found: Vec<PathBuf> = fs::read_dir(directory)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
            .collect();
        if found.len() >= count {
            let read = |path| fs::read_to_string(path).expect("text");
            return found.into_iter().map(read).map(|text| decode(&text)).collect();
        }
        assert!(Instant::now() < until, "{} of {count} emails", found.len());
        thread::sleep(Duration::from_millis(20));
    }
}

/// Decodes quoted-printable as far as these emails use it (RFC 2045, section 6.7).
fn decode(text: &str) -> String {
    text.replace("=\r\n", "").replace("=3D", "=")
}

/// A committed email is sent, even if the server is killed before the delivery.
fn kill_before_delivery_loses_no_email(settings: &[(&str, &str)]) {
    let folder = Folder::new();
    let command = |arguments: &[&str], mail: &str| -> Command {
        let mut command = folder.command(arguments);
        command.envs(settings.iter().copied()).env("VESTIBULE_MAIL_URL", mail);
        command
    };
    let server = Server::start(command(&[], UNREACHABLE));
    let body = json!({ "email": "ada@example.com", "password": "correct horse battery" });
    assert_eq!(server.post("/api/users", &body).status, 201);
    server.wait_for("the mail server is unavailable");
    server.signal(Signal::KILL);
    drop(server);

    let listed = command(&["mail", "list"], UNREACHABLE)
        .output()
        .expect("the program runs");
    let listed = stdout(&listed);
    assert!(listed.contains("\tverify_email\tada@example.com\t"), "{listed}");
    assert!(listed.contains("temporary failure"), "{listed}");
    let retried = command(&["mail", "retry"], UNREACHABLE)
        .output()
        .expect("the program runs");
    assert_eq!(stdout(&retried), "1 email will be retried\n");

    let inbox = folder.path().join("inbox");
    let server = Server::start(command(&[], &format!("file:{}", inbox.display())));
    let email = &emails(&inbox, 1)[0];
    assert!(email.contains("To: ada@example.com"), "{email}");
    server.wait_for("sent emails");
    let listed = command(&["mail", "list"], UNREACHABLE)
        .output()
        .expect("the program runs");
    assert_eq!(stdout(&listed), "", "sent only once");
}

#[test]
fn kill_before_delivery_loses_no_email_on_sqlite() {
    kill_before_delivery_loses_no_email(&[]);
}

#[test]
fn kill_before_delivery_loses_no_email_on_postgres() {
    on_postgres(kill_before_delivery_loses_no_email);
}

/// A mail server that accepts an email without confirming it delays no request. If the server is killed in the meantime,
/// it sends the email once more with the same `Message-ID`.
fn kill_during_delivery_sends_at_most_twice(settings: &[(&str, &str)]) {
    let folder = Folder::new();
    let hanging = MailServer::start("250 ok", FinalReply::Stall);
    let command = |arguments: &[&str], mail: &str| -> Command {
        let mut command = folder.command(arguments);
        command.envs(settings.iter().copied()).env("VESTIBULE_MAIL_URL", mail);
        command
    };
    let server = Server::start(command(&[], &hanging.url));
    let body = json!({ "email": "ada@example.com", "password": "correct horse battery" });
    assert_eq!(server.post("/api/users", &body).status, 201);
    let first = hanging.next_transcript();
    // The delivery still waits for the confirmation.
    let forgot = json!({ "email": "ada@example.com" });
    assert_eq!(server.post("/api/auth/forgot-password", &forgot).status, 202);
    assert_eq!(server.post("/api/auth/login", &body).status, 200);
    server.signal(Signal::KILL);
    drop(server);

    // The second email may be in delivery too.
    let retried = command(&["mail", "retry"], UNREACHABLE)
        .output()
        .expect("the program runs");
    assert!(stdout(&retried).ends_with("will be retried\n"), "{}", stdout(&retried));
    let working = MailServer::start("250 ok", FinalReply::Accept);
    let server = Server::start(command(&[], &working.url));
    let repeated: Vec<_> = (0..2).map(|_| working.next_transcript()).collect();
    server.wait_for("sent emails");
    let ids: Vec<_> = repeated.iter().map(|email| message_id(email)).collect();
    assert_ne!(ids[0], ids[1]);
    assert!(
        ids.contains(&message_id(&first)),
        "a duplicate has the same id: {ids:?}"
    );
    server.stop();
    let listed = command(&["mail", "list"], UNREACHABLE)
        .output()
        .expect("the program runs");
    assert_eq!(stdout(&listed), "", "nothing is sent a third time");
}

fn message_id(email: &str) -> &str {
    let line = email.lines().find(|line| line.starts_with("Message-ID: "));
    line.expect("a message id")
}

#[test]
fn kill_during_delivery_sends_at_most_twice_on_sqlite() {
    kill_during_delivery_sends_at_most_twice(&[]);
}

#[test]
fn kill_during_delivery_sends_at_most_twice_on_postgres() {
    on_postgres(kill_during_delivery_sends_at_most_twice);
}

#[test]
fn links_use_the_public_url_and_ignore_client_headers() {
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
    assert_eq!(connection.response().status, 201);
    let email = &emails(&inbox, 1)[0];
    assert!(!email.contains("evil"), "{email}");
    let links = email
        .matches("https://accounts.example.com/verify-email#token=")
        .count();
    assert!(links >= 2, "in the text and in the HTML: {email}");
    assert!(email.contains("From: vestibule@accounts.example.com"), "{email}");
}

#[test]
fn mail_test_sends_a_test_email() {
    let folder = Folder::migrated();
    let inbox = folder.path().join("inbox");
    let run = |arguments: &[&str], mail: &str| {
        let output = folder.command(arguments).env("VESTIBULE_MAIL_URL", mail).output();
        let output = output.expect("the program runs");
        (output.status.code(), stdout(&output), stderr(&output))
    };
    let url = format!("file:{}", inbox.display());
    let (code, output, _) = run(&["mail", "test", "ada@example.com"], &url);
    let expected = format!("sent a test email to ada@example.com via {url}\n");
    assert_eq!((code, output), (Some(0), expected));
    assert_eq!(emails(&inbox, 1).len(), 1);
    let (code, _, error) = run(&["mail", "test", "ada@example.com"], UNREACHABLE);
    assert!(
        code == Some(1) && error.starts_with("vestibule: the test email was not sent: temporary failure"),
        "{error}"
    );
    let (code, _, error) = run(&["mail", "test", "ada"], &url);
    assert!(code == Some(1) && error.contains("the email"), "{error}");
    let (code, report, _) = run(&["doctor"], UNREACHABLE);
    assert!(code == Some(1) && report.contains("ERROR  mail"), "{report}");
    let (_, report, _) = run(&["doctor"], "log:");
    assert!(report.contains("note   mail        written to the log"), "{report}");
}

/// The time limit for deliveries after the mail server has recovered.
const RECOVERY: Duration = Duration::from_secs(30);

/// A mail server that accepts connections and does not respond at one step is logged once as unavailable, and used again
/// when it works.
fn delivery_resumes_after_a_stall_at(step: SmtpStep) {
    let folder = Folder::new();
    let stalling = MailServer::with_features(SmtpFeatures::default());
    stalling.set(step, Behavior::Stall);
    let server = folder.serve_with(&[
        ("VESTIBULE_MAIL_URL", &stalling.url),
        ("VESTIBULE_MAIL_TIMEOUT", "5s"),
        ("VESTIBULE_RATE_LIMITS", "off"),
    ]);
    for number in 0..6 {
        let body = json!({ "email": format!("user{number}@example.com"), "password": "correct horse battery" });
        assert_eq!(server.post("/api/users", &body).status, 201);
    }
    let logged = server.wait_for("the mail server is unavailable");
    assert!(logged.contains("no reply within"), "{logged}");
    thread::sleep(Duration::from_secs(8));
    stalling.recover();
    let recovered = Instant::now();
    server.wait_for("the mail server is available again");
    assert!(recovered.elapsed() < RECOVERY, "{:?}", recovered.elapsed());
    server.wait_for("sent emails");
    wait_until("every email is sent", || {
        stdout(&folder.run(&["mail", "list"])).is_empty()
    });
    let rest = server.stop();
    assert!(
        !rest.iter().any(|line| line.contains("is unavailable")),
        "logged once: {rest:?}"
    );
}

#[test]
fn delivery_resumes_after_a_stall_before_the_greeting() {
    delivery_resumes_after_a_stall_at(SmtpStep::Greeting);
}

#[test]
fn delivery_resumes_after_a_stall_at_the_recipient() {
    delivery_resumes_after_a_stall_at(SmtpStep::Rcpt);
}

#[test]
fn delivery_resumes_after_a_stall_after_the_message() {
    delivery_resumes_after_a_stall_at(SmtpStep::Message);
}

#[test]
fn rejecting_mail_server_is_probed_rarely_and_emails_remain() {
    let folder = Folder::new();
    let rejecting = MailServer::with_features(SmtpFeatures::default());
    rejecting.set(SmtpStep::Rcpt, Behavior::reply("554 5.7.1 Relay access denied"));
    let server = folder.serve_with(&[("VESTIBULE_MAIL_URL", &rejecting.url), ("VESTIBULE_RATE_LIMITS", "off")]);
    for number in 0..6 {
        let body = json!({ "email": format!("user{number}@example.com"), "password": "correct horse battery" });
        assert_eq!(server.post("/api/users", &body).status, 201);
    }
    let logged = server.wait_for("the mail server is unavailable");
    assert!(logged.contains("554 5.7.1 Relay access denied"), "{logged}");
    thread::sleep(Duration::from_secs(8));
    // The deliveries in progress, and probes after 1, 2 and 4 seconds.
    assert!(rejecting.deliveries() <= 20, "{}", rejecting.deliveries());
    let listed = stdout(&folder.run(&["mail", "list"]));
    assert_eq!(listed.lines().count(), 6, "{listed}");
    assert!(!listed.contains("dead letter"), "{listed}");
    rejecting.recover();
    let recovered = Instant::now();
    server.wait_for("the mail server is available again");
    assert!(recovered.elapsed() < RECOVERY, "{:?}", recovered.elapsed());
    let rest = server.stop();
    assert!(!rest.iter().any(|line| line.contains("is unavailable")), "{rest:?}");
}

#[test]
fn urgent_email_overtakes_stalled_bulk_emails() {
    let folder = Folder::new();
    let slow = MailServer::with_features(SmtpFeatures::default());
    for number in 0..12 {
        slow.set_for(&format!("bulk{number}@example.com"), SmtpStep::Rcpt, Behavior::Stall);
    }
    let server = folder.serve_with(&[
        ("VESTIBULE_MAIL_URL", &slow.url),
        ("VESTIBULE_MAIL_TIMEOUT", "60s"),
        ("VESTIBULE_ADMIN_EMAIL", "ada@example.com"),
        ("VESTIBULE_ADMIN_PASSWORD", "correct horse battery"),
        ("VESTIBULE_RATE_LIMITS", "off"),
    ]);
    let credentials = json!({ "email": "ada@example.com", "password": "correct horse battery" });
    let signed_in = server.post("/api/auth/login", &credentials);
    let token = signed_in.body["access_token"].as_str().expect("a token").to_owned();
    for number in 0..12 {
        let invited = json!({ "email": format!("bulk{number}@example.com") });
        assert_eq!(server.post_as(&token, "/api/users", &invited).status, 201);
    }
    thread::sleep(Duration::from_secs(3));
    let forgot = json!({ "email": "ada@example.com" });
    assert_eq!(server.post("/api/auth/forgot-password", &forgot).status, 202);
    let requested = Instant::now();
    loop {
        let rest = Duration::from_secs(30).saturating_sub(requested.elapsed());
        let transcript = slow
            .next_transcript_within(rest)
            .expect("the reset email arrives while the bulk emails stall");
        if transcript.contains("reset-password") && transcript.contains("RCPT TO:<ada@example.com>") {
            break;
        }
    }
}

#[test]
fn unencrypted_smtp_password_prevents_start() {
    let folder = Folder::new();
    let mut command = folder.command(&[]);
    command.env(
        "VESTIBULE_MAIL_URL",
        "smtp://ada:hunter2@127.0.0.1:25?tls=opportunistic",
    );
    let output = command.output().expect("the program runs");
    let error = stderr(&output);
    assert!(
        !output.status.success() && error.contains("VESTIBULE_MAIL_URL") && error.contains("unencrypted"),
        "{error}"
    );
    assert!(!error.contains("hunter2"), "{error}");
}

/// Exim and Postfix on Debian offer STARTTLS with a self-signed certificate.
#[test]
fn local_mail_server_with_a_self_signed_certificate_is_accepted() {
    let folder = Folder::new();
    folder.serve().terminate();
    let local = MailServer::with_features(SmtpFeatures {
        starttls: true,
        ..SmtpFeatures::default()
    });
    let url = local.url.replace("127.0.0.1", "localhost");
    let mut command = folder.command(&["mail", "test", "ada@example.com"]);
    let output = command
        .env("VESTIBULE_MAIL_URL", url)
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{}", stderr(&output));
    let transcript = local.next_transcript();
    assert!(
        transcript.contains("(TLS)") && transcript.contains("EHLO localhost"),
        "{transcript}"
    );
}
