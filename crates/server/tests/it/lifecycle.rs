//! Startup, signals and restarts of the server.

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::support::{Folder, post, stderr};

#[test]
fn acknowledged_write_survives_a_kill() {
    let folder = Folder::new();
    let server = folder.serve();
    assert_eq!(server.get("/health/ready", None).status, 200);
    let ada = json!({"email": "ada@example.com", "password": "correct horse battery"});
    assert_eq!(server.post("/api/users", &ada).status, 201);
    server.signal(Signal::KILL);
    assert!(!server.wait().success());

    let server = folder.serve();
    let signed_in = server.post("/api/auth/login", &ada);
    assert_eq!(signed_in.status, 200, "{}", signed_in.body);
    let token = signed_in.body["access_token"].as_str().expect("a token");
    let me = server.get("/api/users/me", Some(token));
    assert_eq!((me.status, &me.body["email"]), (200, &ada["email"]));
}

#[test]
fn token_and_secret_key_survive_a_restart() {
    let folder = Folder::new();
    let server = folder.serve();
    let ada = json!({"email": "ada@example.com", "password": "correct horse battery"});
    server.post("/api/users", &ada);
    let signed_in = server.post("/api/auth/login", &ada);
    server.signal(Signal::TERM);
    assert!(server.wait().success());
    let key = fs::metadata(folder.path().join("data/vestibule.key")).expect("the key file exists");
    let data = fs::metadata(folder.path().join("data")).expect("the directory exists");
    assert_eq!(
        (key.permissions().mode() & 0o777, data.permissions().mode() & 0o777),
        (0o600, 0o700)
    );

    let server = folder.serve();
    let token = signed_in.body["access_token"].as_str().expect("a token");
    assert_eq!(server.get("/api/users/me", Some(token)).status, 200);
}

#[test]
fn first_signal_lets_requests_finish() {
    for signal in [Signal::TERM, Signal::INT] {
        let folder = Folder::new();
        let server = folder.serve();
        let ada = json!({"email": "ada@example.com", "password": "correct horse battery"});
        let request = post("/api/users", "Expect: 100-continue", &ada);
        let (head, body) = request.split_at(request.len() - 10);
        let mut connection = server.connect();
        connection.send(head);
        assert_eq!(connection.response().status, 100, "the server waits for the body");
        server.signal(signal);
        server.wait_for("stopping");
        connection.send(body);
        assert_eq!(connection.response().status, 201);
        drop(connection);
        assert_eq!(server.wait().code(), Some(0));
    }
}

#[test]
fn signal_stops_a_start_that_waits_for_the_database() {
    let folder = Folder::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    let mut server = folder
        .command(&[])
        .env("DATABASE_URL", format!("postgres://ada@{address}/app"))
        .env("VESTIBULE_SECRET_KEY", "dR7x0q2vVYt1mJ8sKc4ZpLw9nGfHb3Ea")
        .spawn()
        .expect("the program starts");
    let connection = listener.accept().expect("the server connects");
    kill_process(Pid::from_child(&server), Signal::TERM).expect("the server runs");
    assert_eq!(server.wait().expect("the server exits").code(), Some(0));
    drop(connection);
}

#[test]
fn second_signal_stops_immediately() {
    let folder = Folder::new();
    let server = folder.serve();
    let request = post(
        "/api/users",
        "Expect: 100-continue",
        &json!({"email": "ada@example.com"}),
    );
    let mut connection = server.connect();
    connection.send(&request[..request.len() - 10]);
    assert_eq!(connection.response().status, 100, "the server waits for the body");
    server.signal(Signal::TERM);
    server.wait_for("stopping");
    server.signal(Signal::TERM);
    assert_eq!(server.wait().code(), Some(1));
}

#[test]
fn listen_address_in_use_is_a_one_line_error() {
    let folder = Folder::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let addr = listener.local_addr().expect("bound").to_string();
    let output = folder
        .command(&["serve"])
        .env("VESTIBULE_ADDR", &addr)
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
    let last_line = stderr(&output).lines().last().unwrap_or_default().to_owned();
    assert!(
        last_line.starts_with(&format!("vestibule: cannot listen on {addr}: ")),
        "{last_line}"
    );
}

#[test]
fn database_that_cannot_be_opened_is_a_one_line_error() {
    let folder = Folder::new();
    fs::write(folder.path().join("data"), "not a directory").expect("written");
    let output = folder.run(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("vestibule: cannot create the directory data: "),
        "{}",
        stderr(&output)
    );

    let mut command = folder.command(&[]);
    command.env("DATABASE_URL", "postgres://ada:hunter2@127.0.0.1:1/app");
    command.env("VESTIBULE_SECRET_KEY", "dR7x0q2vVYt1mJ8sKc4ZpLw9nGfHb3Ea");
    let output = command.output().expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
    let error = stderr(&output);
    assert!(
        error.contains("vestibule: cannot open the database postgres://ada:***@127.0.0.1:1/app: "),
        "{error}"
    );
    assert!(!error.contains("hunter2"), "{error}");
}

#[test]
fn untrusted_proxy_is_logged_once() {
    for (trusted, count) in [("", 1), ("127.0.0.0/8", 0)] {
        let folder = Folder::new();
        let server = folder.serve_with(&[("VESTIBULE_TRUSTED_PROXIES", trusted)]);
        for client in ["203.0.113.7", "203.0.113.8"] {
            let mut connection = server.connect();
            let ada = json!({"email": "ada@example.com", "password": "correct horse battery"});
            connection.send(&post("/api/auth/login", &format!("X-Forwarded-For: {client}"), &ada));
            assert_eq!(connection.response().status, 401);
        }
        let log = server.stop();
        let lines = log.iter().filter(|line| line.contains("VESTIBULE_TRUSTED_PROXIES"));
        assert_eq!(lines.count(), count, "{log:?}");
    }
}

#[test]
fn trusted_proxy_that_hides_its_clients_is_logged_once() {
    let folder = Folder::new();
    let server = folder.serve_with(&[("VESTIBULE_TRUSTED_PROXIES", "127.0.0.1")]);
    let ada = json!({"email": "ada@example.com", "password": "correct horse battery"});
    for _ in 0..2 {
        assert_eq!(server.post("/api/auth/login", &ada).status, 401);
    }
    let log = server.stop();
    let lines = log.iter().filter(|line| line.contains("has no X-Forwarded-For"));
    assert_eq!(lines.count(), 1, "{log:?}");
}
