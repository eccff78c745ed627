//! Imported password hashes that are upgraded while other requests verify the same password.

use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use vestibule_domain::{Commit, CredentialRepo, Id, PasswordHash, Store, User};
use vestibule_testing::{Client, Engine, TestServer, on_each_database};

on_each_database!(
    simultaneous_sign_ins_of_imported_users_all_succeed,
    operations_that_ask_for_the_password_survive_an_upgrade,
    upgrade_does_not_count_as_password_change,
);

const PASSWORD: &str = "correct horse battery";

/// Plain bcrypt of [`PASSWORD`], as passlib writes it.
const OUTDATED: &str = "$2b$04$0AhKZz/Twc91zpTffirPdeF1RDrWouqjNOl4ZA1dxuioIdTB4BJuy";

/// Replaces the stored hash by an outdated one of the same password.
async fn store_outdated_hash(server: &TestServer, id: Id<User>) {
    let mut tx = server.app.store.begin().await.expect("a transaction");
    let hash = PasswordHash::new(OUTDATED.to_owned());
    tx.set_password_hash(id, &hash, server.app.clock.now())
        .await
        .expect("stored");
    tx.commit().await.expect("committed");
}

async fn imported_user(server: &TestServer, email: &str) -> Id<User> {
    let id = server.user(email, &["member"]).await.parse().expect("an id");
    store_outdated_hash(server, id).await;
    id
}

async fn login(client: &Client, email: &str) -> u16 {
    let body = json!({ "email": email, "password": PASSWORD });
    client.post("/api/auth/login").json(&body).send().await.status
}

async fn simultaneous_sign_ins_of_imported_users_all_succeed(engine: Engine) {
    let server = TestServer::start(engine).await;
    let emails: Vec<_> = (0..5).map(|n| format!("user{n}@example.com")).collect();
    for email in &emails {
        imported_user(&server, email).await;
    }
    let client = server.client();
    let attempts = emails.iter().flat_map(|email| (0..4).map(|_| login(&client, email)));
    assert_eq!(join_all(attempts).await, [200; 20]);
    assert_eq!(login(&client, "user0@example.com").await, 200);
}

async fn operations_that_ask_for_the_password_survive_an_upgrade(engine: Engine) {
    let server = TestServer::unthrottled(engine).await;
    for round in 0..6 {
        for (n, (method, path, mut body)) in [
            (
                "POST",
                "/api/users/me/email",
                json!({ "new_email": format!("new{round}@example.com") }),
            ),
            (
                "PUT",
                "/api/users/me/password",
                json!({ "new_password": "staple remembered twice" }),
            ),
            ("POST", "/api/users/me/delete", json!({})),
        ]
        .into_iter()
        .enumerate()
        {
            let email = format!("user{round}-{n}@example.com");
            let id: Id<User> = server.user(&email, &["member"]).await.parse().expect("an id");
            let user = server.client().sign_in(&email).await;
            store_outdated_hash(&server, id).await;
            body["current_password"] = Value::from(PASSWORD);
            let sign_ins = join_all((0..3).map(|_| login(&user, &email)));
            let request = user.request(method.parse().expect("a method"), path).json(&body).send();
            let (answer, _) = join(request, sign_ins).await;
            assert!(answer.status < 300, "{path}: {} {}", answer.status, answer.text);
        }
    }
}

async fn upgrade_does_not_count_as_password_change(engine: Engine) {
    let server = TestServer::start(engine).await;
    imported_user(&server, "ada@example.com").await;
    let ada = server.client().sign_in("ada@example.com").await;
    let first = ada.get("/api/users/me/export").send().await.json()["password_changed_at"].clone();
    let id = ada.get("/api/users/me").send().await.json()["id"]
        .as_str()
        .expect("an id")
        .parse();
    let id = id.expect("an id");
    let stored = server
        .app
        .store
        .db()
        .find_password(id)
        .await
        .expect("read")
        .expect("a password");
    assert!(
        stored.hash.expose().starts_with("$bcrypt-sha256$v=2,"),
        "it was upgraded"
    );
    assert!(first.is_string());
    assert_eq!(
        json!(stored.changed_at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)),
        first
    );
    let signed_in_at = ada.get("/api/users/me/export").send().await.json()["last_sign_in_at"].clone();
    assert!(first.as_str() < signed_in_at.as_str(), "{first} {signed_in_at}");
}
