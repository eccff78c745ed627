//! Commands that manage users, roles, sessions, migrations and the configuration.

use serde_json::{Value, json};

use crate::support::{Folder, create_ada, sign_in_ada, stderr, stdout};

#[test]
fn config_errors_are_reported_together() {
    let folder = Folder::new();
    let mut command = folder.command(&[]);
    command
        .env("VESTIBULE_SIGN_UP", "perhaps")
        .env("VESTIBULE_ACCESS_TOKEN_TLL", "5m");
    let output = command.output().expect("the program starts");
    assert_eq!(output.status.code(), Some(2));
    let error = stderr(&output);
    assert!(
        error.contains("\nVESTIBULE_SIGN_UP: `perhaps` is not `open` or `closed`\n"),
        "{error}"
    );
    assert!(
        error.contains("\nVESTIBULE_ACCESS_TOKEN_TLL: is not a setting"),
        "{error}"
    );
    assert!(error.contains("did you mean VESTIBULE_ACCESS_TOKEN_TTL?"), "{error}");
    assert!(!folder.path().join("data").exists(), "nothing was created");
}

#[test]
fn environment_overrides_dot_env() {
    let folder = Folder::new();
    let text = "VESTIBULE_SIGN_UP=closed\nVESTIBULE_BCRYPT_COST=11\n";
    std::fs::write(folder.path().join(".env"), text).expect("written");
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
    assert_eq!(line("VESTIBULE_SECRET_KEY"), "(stored in data/vestibule.key) (default)");
}

#[test]
fn user_create_creates_an_administrator() {
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

    // The email of an administrator counts as verified.
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
fn user_set_password_and_disable_apply_to_a_running_server() {
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
fn user_enable_reverses_user_disable() {
    let folder = Folder::new();
    let server = folder.serve();
    let ada = json!({"email": "ada@example.com", "password": "correct horse battery"});
    assert_eq!(server.post("/api/users", &ada).status, 201);
    assert!(folder.run(&["user", "disable", "ada@example.com"]).status.success());
    assert_eq!(server.post("/api/auth/login", &ada).status, 403);

    let enabled = folder.run(&["user", "enable", "Ada@example.com"]);
    assert!(enabled.status.success(), "{}", stderr(&enabled));
    assert_eq!(stdout(&enabled), "enabled ada@example.com\n");
    assert_eq!(server.post("/api/auth/login", &ada).status, 200);
    assert!(stdout(&folder.run(&["user", "list"])).contains("\tactive\t"));
    let exported = stdout(&folder.run(&["audit", "export"]));
    assert!(exported.contains("\"user.enabled\""), "{exported}");
}

#[test]
fn migrate_up_and_down_and_server_requires_migrations() {
    let folder = Folder::new();
    let status = || stdout(&folder.run(&["migrate", "status"]));
    assert!(
        status().lines().all(|line| line.starts_with("pending ")),
        "{}",
        status()
    );

    let mut command = folder.command(&["serve"]);
    let failed = command
        .env("VESTIBULE_AUTO_MIGRATE", "false")
        .output()
        .expect("the program starts");
    assert_eq!(failed.status.code(), Some(1));
    assert!(
        stderr(&failed).contains("run `vestibule migrate up`"),
        "{}",
        stderr(&failed)
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
fn user_seed_creates_users_to_list() {
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
fn openapi_is_printed_without_a_database() {
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

#[test]
fn role_grant_and_revoke_apply_to_a_running_server() {
    let folder = Folder::migrated();
    create_ada(&folder);
    let server = folder.serve();
    let token = sign_in_ada(&server);
    let run = |arguments: &[&str]| {
        let output = folder.run(arguments);
        (output.status.code(), stdout(&output), stderr(&output))
    };
    assert_eq!(server.get("/api/users", Some(&token)).status, 403);
    let (code, output, _) = run(&["role", "grant", "ada@example.com", "admin"]);
    assert_eq!(
        (code, output.as_str()),
        (Some(0), "roles of ada@example.com: admin, member\n")
    );
    assert_eq!(server.get("/api/users", Some(&token)).status, 200);
    let (_, listed, _) = run(&["role", "list"]);
    assert!(listed.starts_with("admin\t1\taudit:read,"), "{listed}");
    assert!(listed.ends_with("\nmember\t1\t\n"), "{listed}");
    let (code, _, error) = run(&["role", "revoke", "ada@example.com", "admin"]);
    assert_eq!(code, Some(1));
    assert!(error.contains("this is the last active administrator"), "{error}");
    let (_, output, _) = run(&["role", "revoke", "ada@example.com", "member"]);
    assert_eq!(output, "roles of ada@example.com: admin\n");
    let (_, _, error) = run(&["role", "grant", "ada@example.com", "unknown"]);
    assert!(error.ends_with("no role has this name\n"), "{error}");
}

#[test]
fn session_list_and_revoke_apply_to_a_running_server() {
    let folder = Folder::migrated();
    create_ada(&folder);
    let server = folder.serve();
    let tokens = [(); 3].map(|()| sign_in_ada(&server));
    let list = || {
        let listed = stdout(&folder.run(&["session", "list", "ada@example.com"]));
        listed.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let rows = list();
    assert_eq!(rows.len(), 3, "{rows:?}");
    let newest = rows[0].split('\t').next().expect("an id");
    assert!(folder.run(&["session", "revoke", newest]).status.success());
    assert!(!folder.run(&["session", "revoke", newest]).status.success());
    let statuses = || [0, 1, 2].map(|n| server.get("/api/users/me", Some(&tokens[n])).status);
    assert_eq!(statuses(), [200, 200, 401]);
    assert!(folder.run(&["session", "revoke", "ada@example.com"]).status.success());
    assert_eq!(statuses(), [401, 401, 401]);
    assert!(list().is_empty());
}

#[test]
fn audit_export_prints_one_event_per_line() {
    let folder = Folder::migrated();
    create_ada(&folder);
    let server = folder.serve();
    sign_in_ada(&server);
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
fn invalid_arguments_are_named_in_the_error() {
    let folder = Folder::migrated();
    let error = stderr(&folder.run(&["session", "revoke", "nonsense"]));
    assert!(
        error.contains("`nonsense` is neither an email address nor a session id"),
        "{error}"
    );
    let error = stderr(&folder.run(&["user", "create", "ada@example.com"]));
    assert!(error.contains("there is no password on standard input"), "{error}");
}

#[test]
fn key_reset_with_the_current_key_changes_nothing() {
    let folder = Folder::new();
    folder.serve().stop();
    let reset = folder.run(&["key", "reset"]);
    assert!(stdout(&reset).contains("nothing was changed"), "{}", stdout(&reset));
}
