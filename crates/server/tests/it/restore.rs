//! `restore complete`: nothing that was issued before a backup is valid after it was restored.

use std::{fs, process::Command};

use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};

use crate::support::{Folder, Server, finish, on_each_database, stderr, stdout};

const KEY: &str = "dR7x0q2vVYt1mJ8sKc4ZpLw9nGfHb3Ea";
const PASSWORD: &str = "correct horse battery";

/// The token in the only link of a kind in a folder of emails.
fn link(inbox: &std::path::Path, path: &str) -> String {
    let marker = format!("{path}#token=");
    for letter in crate::mail::letters(inbox, 1) {
        if let Some((_, rest)) = letter.split_once(&marker) {
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
fn everything_issued_before_is_revoked() {
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
        let reset = link(&inbox, "/reset-password");
        let create = |token: &str, email: &str| {
            let mut connection = server.connect();
            let body = json!({ "email": email, "password": PASSWORD });
            let headers = format!("Authorization: Bearer {token}\r\nIdempotency-Key: \"one\"\r\nConnection: close");
            connection.send(&crate::support::post("/api/users", &headers, &body));
            connection.answer().status
        };
        assert_eq!(create(access, "bob@example.com"), 201);
        assert_eq!(create(access, "bob@example.com"), 201, "a replay");
        // As an outbox has it whose mail server does not answer.
        actix_web::rt::System::new().block_on(async {
            let db = Database::connect(url).await.expect("opened");
            let mail = "INSERT INTO outbox (id, kind, user_id, address, token_id, created_at, due_at, attempts) \
                        SELECT id, 'reset_password', user_id, 'ada@example.com', id, created_at, NULL, 1 \
                        FROM one_time_tokens WHERE purpose = 'reset_password'";
            db.execute_unprepared(mail).await.expect("written");
        });

        // The link to verify bob's address has left the outbox.
        crate::mail::letters(&inbox, 2);
        let told = complete(folder, url);
        assert!(told.starts_with("revoked 2 sessions and "), "{told}");
        let rest = told.split_once("deleted ").expect("the rest").1;
        assert!(
            !rest.starts_with('0')
                && rest.ends_with(
                    "unsent emails with links and 1 kept responses
"
                ),
            "{told}"
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
        let refused = server.post("/api/auth/reset-password", &body);
        assert!(
            [400, 410].contains(&refused.status),
            "{} {}",
            refused.status,
            refused.body
        );
        let again = server.post("/api/auth/login", &ada);
        assert_eq!(again.status, 200, "the password is still the one of the backup");
        let access = again.body["access_token"].as_str().expect("a token");
        assert_eq!(
            create(access, "bob@example.com"),
            400,
            "no replay: the address is taken"
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

/// A session that ended after the backup was taken is live again in the restored file, and one that was started or
/// refreshed since then is not known.
#[test]
fn a_restored_sqlite_file_accepts_no_token_of_either_side() {
    let folder = Folder::new();
    let url = "sqlite://data/vestibule.db";
    let file = |name: &str| folder.path().join("data").join(name);
    let server = Server::start(command(&folder, url, &[]));
    let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
    assert_eq!(server.post("/api/users", &ada).status, 201);
    let ended = server.post("/api/auth/login", &ada).body;
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
    let body = json!({ "refresh_token": ended["refresh_token"] });
    assert_eq!(server.post("/api/auth/logout", &body).status, 204);
    assert_eq!(server.get("/api/users/me", Some(&access(&ended))).status, 401);
    let body = json!({ "refresh_token": refreshed["refresh_token"] });
    let ahead = server.post("/api/auth/refresh", &body).body;
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
    for tokens in [&ended, &refreshed, &ahead, &later] {
        assert_eq!(server.get("/api/users/me", Some(&access(tokens))).status, 401);
        let body = json!({ "refresh_token": tokens["refresh_token"] });
        assert_eq!(server.post("/api/auth/refresh", &body).status, 401);
    }
    assert_eq!(server.post("/api/auth/login", &ada).status, 200);
}
