//! What an operator sees and does beside the API.

use std::fs;

use serde_json::{Value, json};
use vestibule_testing::postgres;

use crate::support::{Folder, Server, stderr, stdout};

const PASSWORD: &str = "correct horse battery";

fn ada_in(folder: &Folder) {
    let created = folder.run_with_input(&["user", "create", "ada@example.com"], PASSWORD);
    assert!(created.status.success(), "{}", stderr(&created));
}

fn sign_in(server: &Server) -> String {
    let answer = server.post(
        "/api/auth/login",
        &json!({ "email": "ada@example.com", "password": PASSWORD }),
    );
    answer.body["access_token"].as_str().expect("a token").to_owned()
}

#[test]
fn roles_are_given_and_taken_while_the_server_runs() {
    let folder = Folder::migrated();
    ada_in(&folder);
    let server = folder.serve();
    let token = sign_in(&server);
    let run = |arguments: &[&str]| {
        let done = folder.run(arguments);
        (done.status.code(), stdout(&done), stderr(&done))
    };
    assert_eq!(server.get("/api/users", Some(&token)).status, 403);
    let (code, told, _) = run(&["role", "grant", "ada@example.com", "admin"]);
    assert_eq!((code, told.as_str()), (Some(0), "ada@example.com has admin, member\n"));
    assert_eq!(server.get("/api/users", Some(&token)).status, 200);
    let (_, listed, _) = run(&["role", "list"]);
    assert!(listed.starts_with("admin\t1\taudit:read,"), "{listed}");
    assert!(listed.ends_with("\nmember\t1\t\n"), "{listed}");
    let (code, _, told) = run(&["role", "revoke", "ada@example.com", "admin"]);
    assert_eq!(code, Some(1));
    assert!(told.contains("this is the last active administrator"), "{told}");
    let (_, told, _) = run(&["role", "revoke", "ada@example.com", "member"]);
    assert_eq!(told, "ada@example.com has admin\n");
    let (_, _, told) = run(&["role", "grant", "ada@example.com", "nobody"]);
    assert!(told.ends_with("no role has this name\n"), "{told}");
}

#[test]
fn sessions_are_seen_and_ended_while_the_server_runs() {
    let folder = Folder::migrated();
    ada_in(&folder);
    let server = folder.serve();
    let tokens = [(); 3].map(|()| sign_in(&server));
    let list = || {
        let listed = stdout(&folder.run(&["session", "list", "ada@example.com"]));
        listed.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let rows = list();
    assert_eq!(rows.len(), 3, "{rows:?}");
    let newest = rows[0].split('\t').next().expect("an identifier");
    assert!(folder.run(&["session", "revoke", newest]).status.success());
    assert!(!folder.run(&["session", "revoke", newest]).status.success());
    let statuses = || [0, 1, 2].map(|n| server.get("/api/users/me", Some(&tokens[n])).status);
    assert_eq!(statuses(), [200, 200, 401]);
    assert!(folder.run(&["session", "revoke", "ada@example.com"]).status.success());
    assert_eq!(statuses(), [401, 401, 401]);
    assert!(list().is_empty());
}

#[test]
fn the_trail_is_exported_line_by_line() {
    let folder = Folder::migrated();
    ada_in(&folder);
    let server = folder.serve();
    sign_in(&server);
    assert!(folder.run(&["user", "disable", "ada@example.com"]).status.success());
    let exported = stdout(&folder.run(&["audit", "export"]));
    let events: Vec<Value> = exported
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let actions: Vec<_> = events
        .iter()
        .map(|event| event["action"].as_str().expect("a name"))
        .collect();
    assert_eq!(actions, ["user.disabled", "session.started", "user.created"]);
    assert_eq!(events[0]["actor"], json!({ "kind": "cli", "id": null }));
    assert_eq!(events[1]["actor"]["kind"], "user");
}

#[test]
fn health_is_asked_from_the_command_line() {
    let folder = Folder::new();
    let server = folder.serve();
    let health = |addr: &str| {
        let mut command = folder.command(&["health"]);
        let output = command
            .env("VESTIBULE_ADDR", addr)
            .output()
            .expect("the program starts");
        (output.status.code(), stdout(&output), stderr(&output))
    };
    let addr = server.address().to_string();
    assert_eq!(health(&addr).0, Some(0));
    assert_eq!(health(&addr).1, "ok\n");
    server.stop();
    let (code, _, told) = health(&addr);
    assert_eq!(code, Some(1));
    assert!(told.contains("the server does not answer"), "{told}");
}

#[test]
fn the_doctor_changes_nothing_and_tells_what_is_wrong() {
    let folder = Folder::new();
    let before = folder.run(&["doctor"]);
    assert!(before.status.success(), "{}", stdout(&before));
    assert!(!folder.path().join("data").exists(), "nothing was made");

    folder.serve().stop();
    let well = folder.run(&["doctor"]);
    assert!(well.status.success(), "{}", stdout(&well));
    for line in [
        "ok     settings",
        "ok     database    SQLite 3.",
        "ok     clock",
        "ok     durability",
        "ok     schema",
        "ok     key",
        "note   setup",
    ] {
        assert!(stdout(&well).contains(line), "{line} in\n{}", stdout(&well));
    }

    fs::remove_file(folder.path().join("data/vestibule.key")).expect("the key is there");
    let ill = folder.run(&["doctor"]);
    assert_eq!(ill.status.code(), Some(1));
    assert!(stdout(&ill).contains("FAULT  key"), "{}", stdout(&ill));
    assert!(stderr(&ill).ends_with("one fault was found\n"), "{}", stderr(&ill));
}

#[test]
fn the_doctor_finds_a_postgres_that_loses_what_it_acknowledged() {
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
    let careless = format!("{}{join}options[synchronous_commit]=off", database.url());
    assert!(
        doctor(&careless).contains("FAULT  durability  "),
        "{}",
        doctor(&careless)
    );
    assert!(
        doctor(database.url()).contains("ok     database    PostgreSQL "),
        "{}",
        doctor(database.url())
    );
}

#[test]
fn metrics_are_told_on_the_management_address_only() {
    let folder = Folder::migrated();
    ada_in(&folder);
    let server = folder.serve_with(&[("VESTIBULE_MANAGEMENT_ADDR", "127.0.0.1:0")]);
    let management = server.managed();
    let token = sign_in(&server);
    assert_eq!(server.get("/api/users/me", Some(&token)).status, 200);
    server.get("/api/users/me", None);
    server.get("/nobody/knows/this", None);
    let mut strange = server.connect();
    strange.send("BREW /api/users/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    strange.answer();

    let metrics = management.get("/metrics", None).text;
    for line in [
        "vestibule_http_requests_total{method=\"GET\",route=\"/api/users/me\",status=\"200\"} 1",
        "vestibule_http_requests_total{method=\"GET\",route=\"/api/users/me\",status=\"401\"} 1",
        "vestibule_http_requests_total{method=\"POST\",route=\"/api/auth/login\",status=\"200\"} 1",
        "vestibule_http_requests_total{method=\"GET\",route=\"other\",status=\"404\"} 1",
        "vestibule_http_requests_total{method=\"other\",route=\"/api/users/me\",status=\"405\"} 1",
        "vestibule_http_request_duration_seconds_count{method=\"GET\",route=\"/api/users/me\"} 2",
        "vestibule_password_hashes_total 1",
        "vestibule_password_hashes_waiting 0",
        "vestibule_sessions 1",
        "vestibule_build_info{version=\"0.1.0\"} 1",
    ] {
        assert!(metrics.lines().any(|found| found == line), "{line} in\n{metrics}");
    }
    assert!(
        metrics.contains("vestibule_database_connections{state=\"idle\"}"),
        "{metrics}"
    );
    assert!(!metrics.contains("ada@example.com") && !metrics.contains(&token));
    assert_eq!(management.get("/health/ready", None).status, 200);
    assert_eq!(server.get("/metrics", None).status, 404);
}
