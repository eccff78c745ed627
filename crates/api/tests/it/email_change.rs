//! Changing a user's email.

use chrono::TimeDelta;
use serde_json::{Value, json};
use vestibule_domain::{EmailKind, EmailMessage};
use vestibule_testing::{Client, Engine, Response, TestServer, on_each_database};

use crate::{
    authorization_matrix::Row,
    support::{PASSWORD, current_user, current_user_id},
};

on_each_database!(
    email_change_takes_effect_on_confirmation,
    pending_email_change_is_cancelled_replaced_or_expires,
    requesting_a_taken_email_reveals_nothing,
    confirming_email_taken_in_the_meantime_is_rejected,
    email_change_with_wrong_password_is_rejected,
    admin_changes_the_email_of_a_user,
);

/// Returns the rows of the authorization matrix.
pub(crate) fn authorization() -> Vec<Row> {
    vec![
        Row::signed_in("requestEmailChange", 202)
            .json(|_| json!({ "new_email": "another@example.com", "current_password": PASSWORD })),
        Row::signed_in("cancelEmailChange", 204),
        Row::everyone("confirmEmailChange", 400).json(|_| json!({ "token": "x" })),
    ]
}

async fn request_change(client: &Client, email: &str, password: &str) -> Response {
    let body = json!({ "new_email": email, "current_password": password });
    client.post("/api/users/me/email").json(&body).send().await
}

async fn confirm(server: &TestServer, token: &str) -> Response {
    let request = server.client().post("/api/auth/confirm-email-change");
    request.json(&json!({ "token": token })).send().await
}

fn kinds(emails: &[EmailMessage]) -> Vec<(EmailKind, &str)> {
    emails.iter().map(|email| (email.kind, email.to.as_str())).collect()
}

fn token(emails: &[EmailMessage], kind: EmailKind) -> String {
    let email = emails
        .iter()
        .find(|email| email.kind == kind)
        .expect("an email of this kind");
    email.token.as_ref().expect("a token").to_string()
}

/// Creates a member, signs in and empties the outbox.
async fn signed_in(server: &TestServer, email: &str) -> Client {
    let client = server.signed_in(email, &["member"]).await;
    server.deliver_emails().await;
    client
}

async fn email_change_takes_effect_on_confirmation(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = signed_in(&server, "ada@example.com").await;
    let before = ada.get("/api/users/me").send().await;
    let response = request_change(&ada, "Countess@example.com", PASSWORD).await;
    assert_eq!((response.status, response.text.as_str()), (202, ""));
    let pending = ada.get("/api/users/me").send().await;
    assert_eq!(pending.json()["email"], "ada@example.com");
    assert_eq!(pending.json()["pending_email"], "Countess@example.com");
    assert_ne!(pending.header("etag"), before.header("etag"));
    let export = ada.get("/api/users/me/export").send().await.json();
    assert_eq!(export["pending_email"], "Countess@example.com");
    assert_eq!(export["mails"].as_array().map(Vec::len), Some(2));

    let emails = server.deliver_emails().await;
    let expected = [
        (EmailKind::ChangeEmail, "Countess@example.com"),
        (EmailKind::EmailChangeRequested, "ada@example.com"),
    ];
    assert_eq!(kinds(&emails), expected);
    assert!(emails[1].token.is_none());
    let link = token(&emails, EmailKind::ChangeEmail);
    assert_eq!(confirm(&server, &link).await.status, 204);
    assert_eq!(confirm(&server, &link).await.problem().1, "invalid_token");
    let user = current_user(&ada).await;
    assert_eq!(
        (&user["email"], &user["email_verified"]),
        (&json!("Countess@example.com"), &json!(true))
    );
    assert_eq!(user["pending_email"], Value::Null);
    assert_eq!(
        kinds(&server.deliver_emails().await),
        [(EmailKind::EmailChanged, "ada@example.com")]
    );
    server.client().sign_in("countess@example.com").await;
}

async fn pending_email_change_is_cancelled_replaced_or_expires(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = signed_in(&server, "ada@example.com").await;
    assert_eq!(request_change(&ada, "new@example.com", PASSWORD).await.status, 202);
    let link = token(&server.deliver_emails().await, EmailKind::ChangeEmail);
    for _ in 0..2 {
        assert_eq!(ada.delete("/api/users/me/email").send().await.status, 204);
        assert_eq!(current_user(&ada).await["pending_email"], Value::Null);
    }
    assert_eq!(
        confirm(&server, &link).await.problem(),
        (400, "invalid_token".to_owned())
    );

    // A second request replaces the first, and it expires.
    assert_eq!(request_change(&ada, "first@example.com", PASSWORD).await.status, 202);
    let first = token(&server.deliver_emails().await, EmailKind::ChangeEmail);
    assert_eq!(request_change(&ada, "second@example.com", PASSWORD).await.status, 202);
    let second = token(&server.deliver_emails().await, EmailKind::ChangeEmail);
    assert_eq!(confirm(&server, &first).await.problem().1, "invalid_token");
    server.clock.advance(TimeDelta::minutes(30));
    let fresh = server.client().sign_in("ada@example.com").await;
    assert_eq!(current_user(&fresh).await["pending_email"], Value::Null);
    assert_eq!(confirm(&server, &second).await.problem().1, "invalid_token");
}

async fn requesting_a_taken_email_reveals_nothing(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = signed_in(&server, "ada@example.com").await;
    server.user("grace@example.com", &["member"]).await;
    server.deliver_emails().await;
    let taken = request_change(&ada, "grace@example.com", PASSWORD).await;
    assert_eq!((taken.status, taken.text.as_str()), (202, ""));
    assert_eq!(current_user(&ada).await["pending_email"], "grace@example.com");
    let emails = server.deliver_emails().await;
    assert_eq!(kinds(&emails), [(EmailKind::EmailChangeRequested, "ada@example.com")]);
}

async fn confirming_email_taken_in_the_meantime_is_rejected(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = signed_in(&server, "ada@example.com").await;
    assert_eq!(request_change(&ada, "new@example.com", PASSWORD).await.status, 202);
    let link = token(&server.deliver_emails().await, EmailKind::ChangeEmail);
    server.user("new@example.com", &["member"]).await;
    assert_eq!(confirm(&server, &link).await.problem(), (400, "email_taken".to_owned()));
    assert_eq!(current_user(&ada).await["email"], "ada@example.com");
}

async fn email_change_with_wrong_password_is_rejected(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = signed_in(&server, "ada@example.com").await;
    let rejected = request_change(&ada, "new@example.com", "wrong").await;
    assert_eq!(
        rejected.field_error(),
        ("/current_password".to_owned(), "wrong_password".to_owned())
    );
    let rejected = request_change(&ada, "new", PASSWORD).await;
    assert_eq!(rejected.field_error().0, "/new_email");
    assert_eq!(current_user(&ada).await["pending_email"], Value::Null);
    assert!(server.deliver_emails().await.is_empty());
}

async fn admin_changes_the_email_of_a_user(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = signed_in(&server, "root@example.com").await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    server.deliver_emails().await;
    let path = format!("/api/users/{}", current_user_id(&root).await);
    let change = async |body: Value| admin.patch(&path).json(&body).send().await;
    let verified = change(json!({ "email_verified": true })).await;
    assert_eq!(verified.json()["email_verified"], true);
    let changed = change(json!({ "email": "new@example.com" })).await;
    assert_eq!(changed.json()["email_verified"], false);
    let emails = server.deliver_emails().await;
    let expected = [
        (EmailKind::EmailChanged, "root@example.com"),
        (EmailKind::VerifyEmail, "new@example.com"),
    ];
    assert_eq!(kinds(&emails), expected);
    let verified = json!({ "email": "again@example.com", "email_verified": true });
    assert_eq!(change(verified).await.json()["email_verified"], true);
    assert_eq!(
        kinds(&server.deliver_emails().await),
        [(EmailKind::EmailChanged, "new@example.com")]
    );
    // A different spelling of the same email stays verified.
    assert_eq!(
        change(json!({ "email": "Again@example.com" })).await.json()["email_verified"],
        true
    );
    assert!(server.deliver_emails().await.is_empty());
}
