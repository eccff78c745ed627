//! `doctor`: checks of everything the server depends on.

use std::{
    fs,
    net::TcpListener,
    time::{Duration, Instant},
};

use vestibule_testing::{Behavior, MailServer, SmtpFeatures, SmtpStep, postgres};

use crate::support::{Folder, stderr, stdout};

#[test]
fn doctor_reports_problems_and_changes_nothing() {
    let folder = Folder::new();
    let before = folder.run(&["doctor"]);
    assert!(before.status.success(), "{}", stdout(&before));
    assert!(!folder.path().join("data").exists(), "nothing was created");

    folder.serve().stop();
    let healthy = folder.run(&["doctor"]);
    assert!(healthy.status.success(), "{}", stdout(&healthy));
    for line in [
        "ok     settings",
        "ok     database    SQLite 3.",
        "ok     clock",
        "ok     durability",
        "ok     cores",
        "ok     schema",
        "ok     key",
        "note   setup",
    ] {
        assert!(stdout(&healthy).contains(line), "{line} in\n{}", stdout(&healthy));
    }

    fs::remove_file(folder.path().join("data/vestibule.key")).expect("deleted");
    let failing = folder.run(&["doctor"]);
    assert_eq!(failing.status.code(), Some(1));
    assert!(stdout(&failing).contains("ERROR  key"), "{}", stdout(&failing));
    assert!(stderr(&failing).ends_with("found 1 problem\n"), "{}", stderr(&failing));
}

#[test]
fn doctor_reports_a_postgres_that_loses_acknowledged_writes() {
    let Some(database) = actix_web::rt::System::new().block_on(postgres::empty()) else {
        return;
    };
    let folder = Folder::new();
    let doctor = |url: &str| {
        let mut command = folder.command(&["doctor"]);
        command
            .env("DATABASE_URL", url)
            .env("VESTIBULE_SECRET_KEY", "dR7x0q2vVYt1mJ8sKc4ZpLw9nGfHb3Ea");
        stdout(&command.output().expect("the program starts"))
    };
    let join = if database.url().contains('?') { '&' } else { '?' };
    let unsafe_url = format!("{}{join}options[synchronous_commit]=off", database.url());
    assert!(
        doctor(&unsafe_url).contains("ERROR  durability  "),
        "{}",
        doctor(&unsafe_url)
    );
    assert!(
        doctor(database.url()).contains("ok     database    PostgreSQL "),
        "{}",
        doctor(database.url())
    );
}

#[test]
fn doctor_notes_an_address_in_use() {
    let folder = Folder::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let addr = listener.local_addr().expect("bound").to_string();
    let doctor = |addr: &str| {
        let output = folder
            .command(&["doctor"])
            .env("VESTIBULE_ADDR", addr)
            .output()
            .expect("the program runs");
        (output.status.code(), stdout(&output))
    };
    let (code, report) = doctor(&addr);
    assert_eq!(code, Some(0), "{report}");
    assert!(
        report.contains("note   port") && report.contains("in use by another program"),
        "{report}"
    );
    let server = folder.serve();
    let (_, report) = doctor(&server.address().to_string());
    assert!(report.contains("the server is running"), "{report}");
}

#[test]
fn doctor_times_out_on_a_silent_mail_server() {
    for step in [SmtpStep::Greeting, SmtpStep::Ehlo, SmtpStep::Mail] {
        let folder = Folder::new();
        let stalling = MailServer::with_features(SmtpFeatures::default());
        stalling.set(step, Behavior::Dribble);
        let mut command = folder.command(&["doctor"]);
        command
            .env("VESTIBULE_MAIL_URL", &stalling.url)
            .env("VESTIBULE_MAIL_TIMEOUT", "5s");
        let started = Instant::now();
        let output = command.output().expect("the program runs");
        assert!(started.elapsed() < Duration::from_secs(40), "{:?}", started.elapsed());
        let report = stdout(&output);
        assert!(
            report.contains("ERROR  mail") && report.contains("no reply within 5 s"),
            "{report}"
        );
    }
}
