//! The first administrator, from the link that the server prints or from its settings.

use serde_json::json;

use crate::support::{Folder, Server, stderr};

const PASSWORD: &str = "correct horse battery";

/// The token of the link that the server printed at its start.
fn token(server: &Server) -> String {
    let line = server.wait_for("/setup#token=");
    assert!(line.contains("http://localhost:8000/setup#token="), "{line}");
    line.split("#token=").nth(1).expect("a token").trim_end().to_owned()
}

fn is_setup_required(server: &Server) -> bool {
    server.get("/api/settings", None).body["setup_required"] == json!(true)
}

#[test]
fn each_start_prints_the_link_until_there_is_an_administrator() {
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
fn the_settings_can_name_the_first_administrator() {
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
fn the_password_of_the_settings_is_measured_like_others() {
    let folder = Folder::new();
    let run = |score: &str| {
        let mut command = folder.command(&[]);
        command.env("VESTIBULE_ADMIN_EMAIL", "ada@example.com");
        command.env("VESTIBULE_ADMIN_PASSWORD", "ada lovelace");
        command.env("VESTIBULE_PASSWORD_MIN_SCORE", score);
        command
    };
    let refused = run("4").output().expect("it ends");
    let told = stderr(&refused);
    assert!(
        !refused.status.success() && told.contains("VESTIBULE_ADMIN_PASSWORD: a password is"),
        "{told}"
    );
    Server::start(run("0")).stop();
    // What it says is of no more interest.
    Server::start(run("4")).stop();
}

#[test]
fn the_settings_make_nobody_an_administrator_who_exists() {
    let folder = Folder::new();
    let server = folder.serve();
    let eve = json!({ "email": "eve@example.com", "password": PASSWORD });
    assert_eq!(server.post("/api/users", &eve).status, 201);
    server.stop();
    let mut command = folder.command(&[]);
    command
        .env("VESTIBULE_ADMIN_EMAIL", "Eve@example.com")
        .env("VESTIBULE_ADMIN_PASSWORD", PASSWORD);
    let refused = command.output().expect("the program starts");
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        stderr(&refused).contains("another user has VESTIBULE_ADMIN_EMAIL"),
        "{}",
        stderr(&refused)
    );
    assert!(is_setup_required(&folder.serve()));
}

#[test]
fn an_administrator_from_the_command_line_ends_setup() {
    let folder = Folder::migrated();
    let created = folder.run_with_input(&["user", "create", "--admin", "ada@example.com"], PASSWORD);
    assert!(created.status.success(), "{}", stderr(&created));
    assert!(!is_setup_required(&folder.serve()));
}
