//! `restore complete`: nothing that was issued before a backup is valid after the restore.

use std::{fs, process::Command};

use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};

use crate::support::{Folder, Server, finish, on_each_database, stderr, stdout};

const KEY: &str = "dR7x0q2vVYt1mJ8sKc4ZpLw9nGfHb3Ea";
const PASSWORD: &str = "correct horse battery";

/// Returns the token of the first link to a path in a directory of emails.
fn link_token(inbox: &std::path::Path, path: &str) -> String {
    let marker = format!("{path}#token=");
    for email in crate::mail::emails(inbox, 1) {
        if let Some((_, rest)) = email.split_once(&marker) {
            return rest
                .split(['"', '\r', '\n', ' ', '<'])
                .next()
                .expect("a token")
                .to_owned();
        }
    }
    panic!("no link to {path}");
}

fn command(folder: &Folder, url: &str, arguments: &[&str]) -> Command {
    let mut command = folder.command(arguments);
    command.env("DATABASE_URL", url).env("VESTIBULE_SECRET_KEY", KEY);
    command
}

fn complete(folder: &Folder, url: &str) -> String {
    let output = finish(command(folder, url, &["restore", "complete"]));
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output)
}

#[test]
fn restore_complete_revokes_everything_issued_before() {
    on_each_database(|folder, url| {
        let inbox = folder.path().join("inbox");
        let mut serve = command(folder, url, &[]);
        serve.env("VESTIBULE_MAIL_URL", format!("file:{}", inbox.display()));
        serve.env("VESTIBULE_ADMIN_EMAIL", "ada@example.com");
        serve.env("VESTIBULE_ADMIN_PASSWORD", PASSWORD);
        let server = Server::start(serve);
        let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
        let tokens: Vec<Value> = (0..2).map(|_| server.post("/api/auth/login", &ada).body).collect();
        let access = tokens[0]["access_token"].as_str().expect("a token");
        assert_eq!(server.get("/api/users/me", Some(access)).status, 200);
        let forgot = json!({ "email": "ada@example.com" });
        assert_eq!(server.post("/api/auth/forgot-password", &forgot).status, 202);
        let reset = link_token(&inbox, "/reset-password");
        let create = |token: &str, email: &str| {
            let mut connection = server.connect();
            let body = json!({ "email": email, "password": PASSWORD });
            let headers = format!("Authorization: Bearer {token}\r\nIdempotency-Key: \"one\"\r\nConnection: close");
            connection.send(&crate::support::post("/api/users", &headers, &body));
            connection.response().status
        };
        assert_eq!(create(access, "bob@example.com"), 201);
        assert_eq!(create(access, "bob@example.com"), 201, "a replay");
        // An unsent email, as if the mail server did not respond.
        actix_web::rt::System::new().block_on(async {
            let db = Database::connect(url).await.expect("opened");
            let mail = "INSERT INTO outbox (id, kind, user_id, address, token_id, created_at, due_at, attempts) \
                        SELECT id, 'reset_password', user_id, 'ada@example.com', id, created_at, NULL, 1 \
                        FROM one_time_tokens WHERE purpose = 'reset_password'";
            db.execute_unprepared(mail).await.expect("written");
        });

        // Wait until the verification email of bob has left the outbox.
        crate::mail::emails(&inbox, 2);
        let output = complete(folder, url);
        assert!(output.starts_with("revoked 2 sessions and "), "{output}");
        let rest = output.split_once("deleted ").expect("the rest").1;
        assert!(
            !rest.starts_with('0') && rest.ends_with("unsent emails with links and 1 idempotency keys\n"),
            "{output}"
        );
        for token in &tokens {
            let access = token["access_token"].as_str().expect("a token");
            assert_eq!(
                server.get("/api/users/me", Some(access)).status,
                401,
                "at the next request"
            );
            let refresh = json!({ "refresh_token": token["refresh_token"] });
            assert_eq!(server.post("/api/auth/refresh", &refresh).status, 401);
        }
        let body = json!({ "token": reset, "new_password": "a better staple" });
        let response = server.post("/api/auth/reset-password", &body);
        assert!(
            [400, 410].contains(&response.status),
            "{} {}",
            response.status,
            response.body
        );
        let again = server.post("/api/auth/login", &ada);
        assert_eq!(again.status, 200, "the password is unchanged");
        let access = again.body["access_token"].as_str().expect("a token");
        assert_eq!(
            create(access, "bob@example.com"),
            400,
            "not replayed, and the email is taken"
        );

        let events = server
            .get("/api/audit-events?action=restore.completed", Some(access))
            .body;
        assert_eq!(events[0]["actor"], json!({ "kind": "cli", "id": null }), "{events}");
        assert_eq!(events[0]["details"]["sessions"], 2, "{events}");

        assert!(complete(folder, url).starts_with("revoked 1 sessions and 0 links; deleted 0 unsent emails"));
        assert!(complete(folder, url).starts_with("revoked 0 sessions and 0 links; deleted 0 unsent emails"));
    });
}

/// In a restored file, sessions that were revoked after the backup are active again, and those that were started or
/// refreshed after it are unknown.
#[test]
fn restored_sqlite_file_accepts_no_earlier_token() {
    let folder = Folder::new();
    let url = "sqlite://data/vestibule.db";
    let file = |name: &str| folder.path().join("data").join(name);
    let server = Server::start(command(&folder, url, &[]));
    let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
    assert_eq!(server.post("/api/users", &ada).status, 201);
    let revoked = server.post("/api/auth/login", &ada).body;
    let refreshed = server.post("/api/auth/login", &ada).body;
    server.stop();
    let checkpoint = finish(command(&folder, url, &["user", "list"]));
    assert!(checkpoint.status.success());
    for (from, to) in [("vestibule.db", "backup.db"), ("vestibule.db-wal", "backup.db-wal")] {
        if file(from).exists() {
            fs::copy(file(from), file(to)).expect("copied");
        }
    }

    let server = Server::start(command(&folder, url, &["serve"]));
    let access = |tokens: &Value| tokens["access_token"].as_str().expect("a token").to_owned();
    let body = json!({ "refresh_token": revoked["refresh_token"] });
    assert_eq!(server.post("/api/auth/logout", &body).status, 204);
    assert_eq!(server.get("/api/users/me", Some(&access(&revoked))).status, 401);
    let body = json!({ "refresh_token": refreshed["refresh_token"] });
    let rotated = server.post("/api/auth/refresh", &body).body;
    let later = server.post("/api/auth/login", &ada).body;
    server.stop();

    for name in ["vestibule.db", "vestibule.db-wal", "vestibule.db-shm"] {
        let _ = fs::remove_file(file(name));
    }
    for (from, to) in [("backup.db", "vestibule.db"), ("backup.db-wal", "vestibule.db-wal")] {
        if file(from).exists() {
            fs::rename(file(from), file(to)).expect("renamed");
        }
    }
    assert!(complete(&folder, url).starts_with("revoked 2 sessions"));
    let server = Server::start(command(&folder, url, &[]));
    for tokens in [&revoked, &refreshed, &rotated, &later] {
        assert_eq!(server.get("/api/users/me", Some(&access(tokens))).status, 401);
        let body = json!({ "refresh_token": tokens["refresh_token"] });
        assert_eq!(server.post("/api/auth/refresh", &body).status, 401);
    }
    assert_eq!(server.post("/api/auth/login", &ada).status, 200);
}
