//! The commands beside the server.

use serde_json::{Value, json};

use crate::support::{Folder, stderr, stdout};

#[test]
fn mistakes_in_settings_are_told_together() {
    let folder = Folder::new();
    let mut command = folder.command(&[]);
    command
        .env("VESTIBULE_SIGN_UP", "perhaps")
        .env("VESTIBULE_ACCESS_TOKEN_TLL", "5m");
    let output = command.output().expect("the program starts");
    assert_eq!(output.status.code(), Some(2));
    let told = stderr(&output);
    assert!(
        told.contains("\nVESTIBULE_SIGN_UP: `perhaps` is not `open` or `closed`\n"),
        "{told}"
    );
    assert!(
        told.contains("\nVESTIBULE_ACCESS_TOKEN_TLL: is not a setting"),
        "{told}"
    );
    assert!(told.contains("did you mean VESTIBULE_ACCESS_TOKEN_TTL?"), "{told}");
    assert!(!folder.path().join("data").exists(), "nothing was done");
}

#[test]
fn dot_env_is_read_and_the_environment_wins() {
    let folder = Folder::new();
    let text = "VESTIBULE_SIGN_UP=closed\nVESTIBULE_BCRYPT_COST=11\n";
    std::fs::write(folder.path().join(".env"), text).expect("the folder can be written");
    let output = folder.run(&["config", "check"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let listed = stdout(&output);
    let line = |name: &str| {
        let line = listed.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("VESTIBULE_SIGN_UP"), "closed (.env)");
    assert_eq!(line("VESTIBULE_BCRYPT_COST"), "4 (environment)");
    assert_eq!(line("VESTIBULE_SESSION_TTL"), "30d (default)");
    assert_eq!(line("VESTIBULE_SECRET_KEY"), "(kept in data/vestibule.key) (default)");
}

#[test]
fn an_administrator_is_made_at_the_command_line() {
    let folder = Folder::migrated();
    let create = [
        "user",
        "create",
        "--admin",
        "--display-name",
        "Ada Lovelace",
        "ada@example.com",
    ];
    let created = folder.run_with_input(&create, "correct horse battery\n");
    assert!(created.status.success(), "{}", stderr(&created));
    let again = folder.run_with_input(&create, "correct horse battery\n");
    assert_eq!(again.status.code(), Some(1));
    let weak = folder.run_with_input(&["user", "create", "bob@example.com"], "password\n");
    assert_eq!(weak.status.code(), Some(1), "{}", stderr(&weak));

    // The operator vouches for the address of an administrator.
    let server = folder.serve_with(&[("VESTIBULE_REQUIRE_VERIFIED_EMAIL", "true")]);
    let signed_in = server.post(
        "/api/auth/login",
        &json!({"email": "ada@example.com", "password": "correct horse battery"}),
    );
    assert_eq!(signed_in.status, 200, "{}", signed_in.body);
    let token = signed_in.body["access_token"].as_str().expect("a token");
    let users = server.get("/api/users", Some(token));
    assert_eq!(
        (users.status, users.body[0]["display_name"].as_str()),
        (200, Some("Ada Lovelace"))
    );
}

#[test]
fn a_password_is_set_and_a_user_disabled_while_the_server_runs() {
    let folder = Folder::new();
    let server = folder.serve();
    let old = json!({"email": "ada@example.com", "password": "correct horse battery"});
    assert_eq!(server.post("/api/users", &old).status, 201);
    let signed_in = server.post("/api/auth/login", &old);
    let token = signed_in.body["access_token"].as_str().expect("a token").to_owned();

    let set = folder.run_with_input(&["user", "set-password", "Ada@example.com"], "a better staple\n");
    assert!(set.status.success(), "{}", stderr(&set));
    assert_eq!(server.get("/api/users/me", Some(&token)).status, 401);
    assert_eq!(server.post("/api/auth/login", &old).status, 401);
    let new = json!({"email": "ada@example.com", "password": "a better staple"});
    assert_eq!(server.post("/api/auth/login", &new).status, 200);

    let disabled = folder.run(&["user", "disable", "ada@example.com"]);
    assert!(disabled.status.success(), "{}", stderr(&disabled));
    assert_eq!(server.post("/api/auth/login", &new).status, 403);
    assert!(stdout(&folder.run(&["user", "list"])).contains("disabled"));

    let missing = folder.run(&["user", "disable", "bob@example.com"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(
        stderr(&missing).ends_with("vestibule: user not found\n"),
        "{}",
        stderr(&missing)
    );
}

#[test]
fn migrations_go_up_and_down_and_a_server_asks_for_them() {
    let folder = Folder::new();
    let status = || stdout(&folder.run(&["migrate", "status"]));
    assert!(
        status().lines().all(|line| line.starts_with("pending ")),
        "{}",
        status()
    );

    let mut command = folder.command(&["serve"]);
    let refused = command
        .env("VESTIBULE_AUTO_MIGRATE", "false")
        .output()
        .expect("the program starts");
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        stderr(&refused).contains("run `vestibule migrate up`"),
        "{}",
        stderr(&refused)
    );

    assert!(folder.run(&["migrate", "up"]).status.success());
    assert!(
        status().lines().count() > 0 && status().lines().all(|line| line.starts_with("applied ")),
        "{}",
        status()
    );
    assert!(folder.run(&["migrate", "down"]).status.success());
    assert_eq!(
        status().lines().filter(|line| line.starts_with("pending ")).count(),
        1,
        "{}",
        status()
    );
    assert!(folder.run(&["migrate", "up", "1"]).status.success());
    assert!(
        status().lines().all(|line| line.starts_with("applied ")),
        "{}",
        status()
    );
}

#[test]
fn made_up_users_can_be_listed() {
    let folder = Folder::migrated();
    let seeded = folder.run(&["user", "seed", "250"]);
    assert!(seeded.status.success(), "{}", stderr(&seeded));
    let listed = stdout(&folder.run(&["user", "list", "--limit", "230"]));
    assert_eq!(
        listed.lines().filter(|line| line.contains("@example.com")).count(),
        230,
        "{listed}"
    );
}

#[test]
fn the_document_is_printed_without_a_database() {
    let folder = Folder::new();
    let output = folder.run(&["openapi"]);
    let document: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    assert!(
        document["openapi"]
            .as_str()
            .is_some_and(|version| version.starts_with("3.1"))
    );
    assert!(!folder.path().join("data").exists());
}
