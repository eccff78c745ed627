//! Imported password hashes, which are upgraded at the next verification.

use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use vestibule_domain::{Commit, CredentialRepo, Id, PasswordHash, Store, User};
use vestibule_testing::{Client, Engine, TestServer, on_each_database};

use crate::support::{NEW_PASSWORD, PASSWORD, PLAIN_BCRYPT, login};

on_each_database!(
    plain_bcrypt_hash_is_upgraded_on_sign_in,
    concurrent_sign_ins_of_imported_users_all_succeed,
    password_confirmation_survives_a_concurrent_upgrade,
    upgrade_is_not_a_password_change,
);

/// Replaces the stored hash by a plain bcrypt hash of the same password.
async fn store_plain_hash(server: &TestServer, id: Id<User>) {
    let mut tx = server.app.store.begin().await.expect("a transaction");
    let hash = PasswordHash::new(PLAIN_BCRYPT.to_owned());
    tx.set_password_hash(id, &hash, server.app.clock.now())
        .await
        .expect("stored");
    tx.commit().await.expect("committed");
}

async fn imported_user(server: &TestServer, email: &str) -> Id<User> {
    let id = server.user(email, &["member"]).await.parse().expect("an id");
    store_plain_hash(server, id).await;
    id
}

async fn login_status(client: &Client, email: &str) -> u16 {
    login(client, email, PASSWORD).await.status
}

async fn plain_bcrypt_hash_is_upgraded_on_sign_in(engine: Engine) {
    let server = TestServer::start(engine).await;
    let id = imported_user(&server, "ada@example.com").await;

    for _ in 0..2 {
        assert_eq!(login_status(&server.client(), "ada@example.com").await, 200);
    }
    let stored = server
        .app
        .store
        .db()
        .find_password(id)
        .await
        .expect("read")
        .expect("a hash");
    assert!(stored.hash.expose().starts_with("$bcrypt-sha256$v=2,"));
}

async fn concurrent_sign_ins_of_imported_users_all_succeed(engine: Engine) {
    let server = TestServer::start(engine).await;
    let emails: Vec<_> = (0..5).map(|n| format!("user{n}@example.com")).collect();
    for email in &emails {
        imported_user(&server, email).await;
    }
    let client = server.client();
    let attempts = emails
        .iter()
        .flat_map(|email| (0..4).map(|_| login_status(&client, email)));
    assert_eq!(join_all(attempts).await, [200; 20]);
    assert_eq!(login_status(&client, "user0@example.com").await, 200);
}

async fn password_confirmation_survives_a_concurrent_upgrade(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    for round in 0..6 {
        for (n, (method, path, mut body)) in [
            (
                "POST",
                "/api/users/me/email",
                json!({ "new_email": format!("new{round}@example.com") }),
            ),
            ("PUT", "/api/users/me/password", json!({ "new_password": NEW_PASSWORD })),
            ("POST", "/api/users/me/delete", json!({})),
        ]
        .into_iter()
        .enumerate()
        {
            let email = format!("user{round}-{n}@example.com");
            let id: Id<User> = server.user(&email, &["member"]).await.parse().expect("an id");
            let user = server.client().sign_in(&email).await;
            store_plain_hash(&server, id).await;
            body["current_password"] = Value::from(PASSWORD);
            let sign_ins = join_all((0..3).map(|_| login_status(&user, &email)));
            let request = user.request(method.parse().expect("a method"), path).json(&body).send();
            let (response, _) = join(request, sign_ins).await;
            assert!(response.status < 300, "{path}: {} {}", response.status, response.text);
        }
    }
}

async fn upgrade_is_not_a_password_change(engine: Engine) {
    let server = TestServer::start(engine).await;
    let id = imported_user(&server, "ada@example.com").await;
    let ada = server.client().sign_in("ada@example.com").await;
    let changed_at = ada.get("/api/users/me/export").send().await.json()["password_changed_at"].clone();
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
    assert!(changed_at.is_string());
    assert_eq!(
        json!(stored.changed_at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)),
        changed_at
    );
    let signed_in_at = ada.get("/api/users/me/export").send().await.json()["last_sign_in_at"].clone();
    assert!(
        changed_at.as_str() < signed_in_at.as_str(),
        "{changed_at} {signed_in_at}"
    );
}
