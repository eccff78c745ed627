//! Changing one's address.

use chrono::TimeDelta;
use serde_json::{Value, json};
use vestibule_domain::{EmailKind, EmailMessage};
use vestibule_testing::{Answer, Client, Engine, TestServer, on_each_database};

on_each_database!(
    an_address_changes_once_the_new_one_confirms,
    a_change_can_be_taken_back,
    an_address_that_somebody_has_tells_nothing,
    an_address_that_is_taken_in_the_meantime_stays_theirs,
    the_wrong_password_changes_nothing,
    an_administrator_changes_an_address,
);

const OWN: &str = "correct horse battery";

async fn ask(client: &Client, email: &str, password: &str) -> Answer {
    let body = json!({ "new_email": email, "current_password": password });
    client.post("/api/users/me/email").json(&body).send().await
}

async fn confirm(server: &TestServer, token: &str) -> Answer {
    let request = server.client().post("/api/auth/confirm-email-change");
    request.json(&json!({ "token": token })).send().await
}

async fn me(client: &Client) -> Value {
    client.get("/api/users/me").send().await.json()
}

fn kinds(letters: &[EmailMessage]) -> Vec<(EmailKind, &str)> {
    letters.iter().map(|letter| (letter.kind, letter.to.as_str())).collect()
}

fn token(letters: &[EmailMessage], kind: EmailKind) -> String {
    let letter = letters
        .iter()
        .find(|letter| letter.kind == kind)
        .expect("such a letter");
    letter.token.as_ref().expect("a token").to_string()
}

async fn signed_in(server: &TestServer, email: &str) -> Client {
    let client = server.signed_in(email, &["member"]).await;
    server.mail().await;
    client
}

async fn an_address_changes_once_the_new_one_confirms(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = signed_in(&server, "ada@example.com").await;
    let before = ada.get("/api/users/me").send().await;
    let answer = ask(&ada, "Countess@example.com", OWN).await;
    assert_eq!((answer.status, answer.text.as_str()), (202, ""));
    let pending = ada.get("/api/users/me").send().await;
    assert_eq!(pending.json()["email"], "ada@example.com");
    assert_eq!(pending.json()["pending_email"], "Countess@example.com");
    assert_ne!(pending.header("etag"), before.header("etag"));
    let export = ada.get("/api/users/me/export").send().await.json();
    assert_eq!(export["pending_email"], "Countess@example.com");
    assert_eq!(export["mails"].as_array().map(Vec::len), Some(2));

    let letters = server.mail().await;
    let expected = [
        (EmailKind::ChangeEmail, "Countess@example.com"),
        (EmailKind::EmailChangeRequested, "ada@example.com"),
    ];
    assert_eq!(kinds(&letters), expected);
    assert!(letters[1].token.is_none());
    let link = token(&letters, EmailKind::ChangeEmail);
    assert_eq!(confirm(&server, &link).await.status, 204);
    assert_eq!(confirm(&server, &link).await.problem().1, "invalid_token");
    let now = me(&ada).await;
    assert_eq!(
        (&now["email"], &now["email_verified"]),
        (&json!("Countess@example.com"), &json!(true))
    );
    assert_eq!(now["pending_email"], Value::Null);
    assert_eq!(
        kinds(&server.mail().await),
        [(EmailKind::EmailChanged, "ada@example.com")]
    );
    server.client().sign_in("countess@example.com").await;
}

async fn a_change_can_be_taken_back(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = signed_in(&server, "ada@example.com").await;
    assert_eq!(ask(&ada, "new@example.com", OWN).await.status, 202);
    let link = token(&server.mail().await, EmailKind::ChangeEmail);
    for _ in 0..2 {
        assert_eq!(ada.delete("/api/users/me/email").send().await.status, 204);
        assert_eq!(me(&ada).await["pending_email"], Value::Null);
    }
    assert_eq!(
        confirm(&server, &link).await.problem(),
        (400, "invalid_token".to_owned())
    );

    // Another wish takes the place of the first, and time ends it.
    assert_eq!(ask(&ada, "first@example.com", OWN).await.status, 202);
    let first = token(&server.mail().await, EmailKind::ChangeEmail);
    assert_eq!(ask(&ada, "second@example.com", OWN).await.status, 202);
    let second = token(&server.mail().await, EmailKind::ChangeEmail);
    assert_eq!(confirm(&server, &first).await.problem().1, "invalid_token");
    server.clock.advance(TimeDelta::minutes(30));
    let fresh = server.client().sign_in("ada@example.com").await;
    assert_eq!(me(&fresh).await["pending_email"], Value::Null);
    assert_eq!(confirm(&server, &second).await.problem().1, "invalid_token");
}

async fn an_address_that_somebody_has_tells_nothing(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = signed_in(&server, "ada@example.com").await;
    server.user("grace@example.com", &["member"]).await;
    server.mail().await;
    let taken = ask(&ada, "grace@example.com", OWN).await;
    assert_eq!((taken.status, taken.text.as_str()), (202, ""));
    assert_eq!(me(&ada).await["pending_email"], "grace@example.com");
    let letters = server.mail().await;
    assert_eq!(kinds(&letters), [(EmailKind::EmailChangeRequested, "ada@example.com")]);
}

async fn an_address_that_is_taken_in_the_meantime_stays_theirs(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = signed_in(&server, "ada@example.com").await;
    assert_eq!(ask(&ada, "new@example.com", OWN).await.status, 202);
    let link = token(&server.mail().await, EmailKind::ChangeEmail);
    server.user("new@example.com", &["member"]).await;
    assert_eq!(confirm(&server, &link).await.problem(), (400, "email_taken".to_owned()));
    assert_eq!(me(&ada).await["email"], "ada@example.com");
}

async fn the_wrong_password_changes_nothing(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = signed_in(&server, "ada@example.com").await;
    let refused = ask(&ada, "new@example.com", "wrong").await;
    assert_eq!(
        refused.blamed(),
        ("/current_password".to_owned(), "wrong_password".to_owned())
    );
    let refused = ask(&ada, "new", OWN).await;
    assert_eq!(refused.blamed().0, "/new_email");
    assert_eq!(me(&ada).await["pending_email"], Value::Null);
    assert!(server.mail().await.is_empty());
}

async fn an_administrator_changes_an_address(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = signed_in(&server, "root@example.com").await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    server.mail().await;
    let path = format!("/api/users/{}", me(&root).await["id"].as_str().expect("an id"));
    let change = async |body: Value| admin.patch(&path).json(&body).send().await;
    let verified = change(json!({ "email_verified": true })).await;
    assert_eq!(verified.json()["email_verified"], true);
    let moved = change(json!({ "email": "new@example.com" })).await;
    assert_eq!(moved.json()["email_verified"], false);
    let letters = server.mail().await;
    let expected = [
        (EmailKind::EmailChanged, "root@example.com"),
        (EmailKind::VerifyEmail, "new@example.com"),
    ];
    assert_eq!(kinds(&letters), expected);
    let vouched = json!({ "email": "again@example.com", "email_verified": true });
    assert_eq!(change(vouched).await.json()["email_verified"], true);
    assert_eq!(
        kinds(&server.mail().await),
        [(EmailKind::EmailChanged, "new@example.com")]
    );
    // The same address in another spelling is no other one.
    assert_eq!(
        change(json!({ "email": "Again@example.com" })).await.json()["email_verified"],
        true
    );
    assert!(server.mail().await.is_empty());
}
