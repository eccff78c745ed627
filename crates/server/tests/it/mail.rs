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
use vestibule_testing::{Behaviour, FinalReply, MailServer, SmtpFeatures, SmtpStep};

use crate::support::{Folder, Server, on_postgres, post, stderr, stdout, wait_until};

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
    assert!(listed.contains("temporary failure"), "{listed}");
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
    // It still waits to hear that the letter has come.
    let forgot = json!({ "email": "ada@example.com" });
    assert_eq!(server.post("/api/auth/forgot-password", &forgot).status, 202);
    assert_eq!(server.post("/api/auth/login", &body).status, 200);
    server.signal(Signal::KILL);
    drop(server);

    // The second may be on its way too.
    let retried = command(&["mail", "retry"], NOWHERE).output().expect("it runs");
    assert!(
        stdout(&retried).ends_with("will be tried again\n"),
        "{}",
        stdout(&retried)
    );
    let working = MailServer::start("250 ok", FinalReply::Accept);
    let server = Server::start(command(&[], &working.url));
    let again: Vec<_> = (0..2).map(|_| working.next_transcript()).collect();
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
        code == Some(1) && told.starts_with("vestibule: the mail was not sent: temporary failure"),
        "{told}"
    );
    let (code, _, told) = run(&["mail", "test", "ada"], &url);
    assert!(code == Some(1) && told.contains("the address"), "{told}");
    let (code, told, _) = run(&["doctor"], NOWHERE);
    assert!(code == Some(1) && told.contains("FAULT  mail"), "{told}");
    let (_, told, _) = run(&["doctor"], "log:");
    assert!(told.contains("note   mail        it goes to the log"), "{told}");
}

/// How long mail may take to leave after the mail server has recovered.
const RECOVERY: Duration = Duration::from_secs(30);

/// A mail server that accepts connections and says nothing at one step is given up, logged once, and used
/// again once it works.
fn mail_leaves_after_a_stall_at(step: SmtpStep) {
    let folder = Folder::new();
    let stalling = MailServer::with_features(SmtpFeatures::default());
    stalling.set(step, Behaviour::Stall);
    let server = folder.serve_with(&[
        ("VESTIBULE_MAIL_URL", &stalling.url),
        ("VESTIBULE_MAIL_TIMEOUT", "5s"),
        ("VESTIBULE_RATE_LIMITS", "off"),
    ]);
    for number in 0..6 {
        let body = json!({ "email": format!("user{number}@example.com"), "password": "correct horse battery" });
        assert_eq!(server.post("/api/users", &body).status, 201);
    }
    let logged = server.wait_for("mail cannot be sent now: the mail server is unavailable");
    assert!(logged.contains("no answer within"), "{logged}");
    thread::sleep(Duration::from_secs(8));
    stalling.recover();
    let recovered = Instant::now();
    server.wait_for("the mail server is available again");
    assert!(recovered.elapsed() < RECOVERY, "{:?}", recovered.elapsed());
    server.wait_for("sent mail");
    wait_until("every mail is sent", || {
        stdout(&folder.run(&["mail", "list"])).is_empty()
    });
    let rest = server.stop();
    assert!(
        !rest.iter().any(|line| line.contains("cannot be sent")),
        "once: {rest:?}"
    );
}

#[test]
fn mail_leaves_after_a_stall_before_the_greeting() {
    mail_leaves_after_a_stall_at(SmtpStep::Greeting);
}

#[test]
fn mail_leaves_after_a_stall_at_the_recipient() {
    mail_leaves_after_a_stall_at(SmtpStep::Rcpt);
}

#[test]
fn mail_leaves_after_a_stall_after_the_message() {
    mail_leaves_after_a_stall_at(SmtpStep::Message);
}

#[test]
fn a_mail_server_that_rejects_this_client_is_probed_rarely_and_its_mails_stay() {
    let folder = Folder::new();
    let rejecting = MailServer::with_features(SmtpFeatures::default());
    rejecting.set(SmtpStep::Rcpt, Behaviour::reply("554 5.7.1 Relay access denied"));
    let server = folder.serve_with(&[("VESTIBULE_MAIL_URL", &rejecting.url), ("VESTIBULE_RATE_LIMITS", "off")]);
    for number in 0..6 {
        let body = json!({ "email": format!("user{number}@example.com"), "password": "correct horse battery" });
        assert_eq!(server.post("/api/users", &body).status, 201);
    }
    let logged = server.wait_for("mail cannot be sent now: the mail server is unavailable");
    assert!(logged.contains("554 5.7.1 Relay access denied"), "{logged}");
    thread::sleep(Duration::from_secs(8));
    // Those that were on their way, and probes after 1, 2 and 4 seconds.
    assert!(rejecting.deliveries() <= 20, "{}", rejecting.deliveries());
    let listed = stdout(&folder.run(&["mail", "list"]));
    assert_eq!(listed.lines().count(), 6, "{listed}");
    assert!(!listed.contains("parked"), "{listed}");
    rejecting.recover();
    let recovered = Instant::now();
    server.wait_for("the mail server is available again");
    assert!(recovered.elapsed() < RECOVERY, "{:?}", recovered.elapsed());
    let rest = server.stop();
    assert!(
        !rest.iter().any(|line| line.contains("mail cannot be sent")),
        "{rest:?}"
    );
}

#[test]
fn urgent_mail_passes_bulk_mail_whose_recipients_stall() {
    let folder = Folder::new();
    let slow = MailServer::with_features(SmtpFeatures::default());
    for number in 0..12 {
        slow.set_for(&format!("bulk{number}@example.com"), SmtpStep::Rcpt, Behaviour::Stall);
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
    let asked = Instant::now();
    loop {
        let rest = Duration::from_secs(30).saturating_sub(asked.elapsed());
        let heard = slow
            .next_transcript_within(rest)
            .expect("the link comes while the bulk stalls");
        if heard.contains("reset-password") && heard.contains("RCPT TO:<ada@example.com>") {
            break;
        }
    }
}

#[test]
fn doctor_ends_at_a_mail_server_that_says_nothing() {
    for step in [SmtpStep::Greeting, SmtpStep::Ehlo, SmtpStep::Mail] {
        let folder = Folder::new();
        let stalling = MailServer::with_features(SmtpFeatures::default());
        stalling.set(step, Behaviour::Dribble);
        let mut command = folder.command(&["doctor"]);
        command
            .env("VESTIBULE_MAIL_URL", &stalling.url)
            .env("VESTIBULE_MAIL_TIMEOUT", "5s");
        let started = Instant::now();
        let done = command.output().expect("it runs");
        assert!(started.elapsed() < Duration::from_secs(40), "{:?}", started.elapsed());
        let told = stdout(&done);
        assert!(
            told.contains("FAULT  mail") && told.contains("no answer within 5 s"),
            "{told}"
        );
    }
}

#[test]
fn a_password_that_would_be_sent_unencrypted_stops_the_start() {
    let folder = Folder::new();
    let mut command = folder.command(&[]);
    command.env(
        "VESTIBULE_MAIL_URL",
        "smtp://ada:hunter2@127.0.0.1:25?tls=opportunistic",
    );
    let done = command.output().expect("it runs");
    let told = stderr(&done);
    assert!(
        !done.status.success() && told.contains("VESTIBULE_MAIL_URL") && told.contains("unencrypted"),
        "{told}"
    );
    assert!(!told.contains("hunter2"), "{told}");
}

/// As Exim and Postfix on an ordinary Debian machine: STARTTLS with a certificate of their own.
#[test]
fn a_local_mail_server_with_a_certificate_of_its_own_gets_mail() {
    let folder = Folder::new();
    folder.serve().terminate();
    let local = MailServer::with_features(SmtpFeatures {
        starttls: true,
        ..SmtpFeatures::default()
    });
    let url = local.url.replace("127.0.0.1", "localhost");
    let mut command = folder.command(&["mail", "test", "ada@example.com"]);
    let done = command.env("VESTIBULE_MAIL_URL", url).output().expect("it runs");
    assert!(done.status.success(), "{}", stderr(&done));
    let heard = local.next_transcript();
    assert!(heard.contains("(TLS)") && heard.contains("EHLO localhost"), "{heard}");
}
