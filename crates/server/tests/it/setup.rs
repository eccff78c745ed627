//! The first administrator, from the setup link, the settings or the command line.

use serde_json::json;

use crate::support::{Folder, Server, stderr};

const PASSWORD: &str = "correct horse battery";

/// Returns the token of the setup link that the server prints.
fn token(server: &Server) -> String {
    let line = server.wait_for("/setup#token=");
    assert!(line.contains("http://localhost:8000/setup#token="), "{line}");
    line.split("#token=").nth(1).expect("a token").trim_end().to_owned()
}

fn is_setup_required(server: &Server) -> bool {
    server.get("/api/settings", None).body["setup_required"] == json!(true)
}

#[test]
fn setup_link_is_printed_until_there_is_an_administrator() {
    let folder = Folder::new();
    let server = folder.serve();
    let first = token(&server);
    server.stop();
    let server = folder.serve();
    assert_eq!(token(&server), first);
    let body = json!({ "token": first, "email": "ada@example.com", "password": PASSWORD });
    assert_eq!(server.post("/api/setup", &body).status, 201);
    assert_eq!(server.post("/api/setup", &body).status, 410);
    server.stop();

    let server = folder.serve();
    assert!(!is_setup_required(&server));
    assert!(server.stop().iter().all(|line| !line.contains("token=")));
}

#[test]
fn first_administrator_from_settings() {
    let folder = Folder::new();
    let settings = [
        ("VESTIBULE_ADMIN_EMAIL", "ada@example.com"),
        ("VESTIBULE_ADMIN_PASSWORD", PASSWORD),
    ];
    let sign_in = json!({ "email": "ada@example.com", "password": PASSWORD });
    for _ in 0..2 {
        let server = folder.serve_with(&settings);
        assert!(!is_setup_required(&server));
        assert_eq!(server.post("/api/auth/login", &sign_in).status, 200);
        server.stop();
    }
}

#[test]
fn first_administrator_password_must_meet_the_policy() {
    let folder = Folder::new();
    let run = |score: &str| {
        let mut command = folder.command(&[]);
        command.env("VESTIBULE_ADMIN_EMAIL", "ada@example.com");
        command.env("VESTIBULE_ADMIN_PASSWORD", "ada lovelace");
        command.env("VESTIBULE_PASSWORD_MIN_SCORE", score);
        command
    };
    let rejected = run("4").output().expect("the program exits");
    let error = stderr(&rejected);
    assert!(
        !rejected.status.success() && error.contains("VESTIBULE_ADMIN_PASSWORD: the password is"),
        "{error}"
    );
    Server::start(run("0")).stop();
    // Once there is an administrator, the setting is ignored.
    Server::start(run("4")).stop();
}

#[test]
fn first_administrator_setting_does_not_promote_an_existing_user() {
    let folder = Folder::new();
    let server = folder.serve();
    let eve = json!({ "email": "eve@example.com", "password": PASSWORD });
    assert_eq!(server.post("/api/users", &eve).status, 201);
    server.stop();
    let mut command = folder.command(&[]);
    command
        .env("VESTIBULE_ADMIN_EMAIL", "Eve@example.com")
        .env("VESTIBULE_ADMIN_PASSWORD", PASSWORD);
    let rejected = command.output().expect("the program starts");
    assert_eq!(rejected.status.code(), Some(1));
    assert!(
        stderr(&rejected).contains("a user with the email VESTIBULE_ADMIN_EMAIL already exists"),
        "{}",
        stderr(&rejected)
    );
    assert!(is_setup_required(&folder.serve()));
}

#[test]
fn administrator_from_the_command_line_closes_setup() {
    let folder = Folder::migrated();
    let created = folder.run_with_input(&["user", "create", "--admin", "ada@example.com"], PASSWORD);
    assert!(created.status.success(), "{}", stderr(&created));
    assert!(!is_setup_required(&folder.serve()));
}
