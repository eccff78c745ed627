//! Different spellings of one email address, and characters that only look like others.

use serde_json::json;
use vestibule_domain::{
    Actor, Commit, CredentialRepo, EmailAddress, Password, Store, UserRepo,
    users::{self, NewUser},
};
use vestibule_testing::{Engine, TestServer, on_each_database};

use crate::support::{PASSWORD, current_user, current_user_id, reset_link, sign_up};

on_each_database!(
    spellings_of_one_email_are_one_account,
    email_with_compatibility_characters_is_rejected,
    stored_email_with_compatibility_characters_still_signs_in,
);

async fn spellings_of_one_email_are_one_account(engine: Engine) {
    let server = TestServer::start(engine).await;
    assert_eq!(sign_up(&server, "jos\u{e9}.k@b\u{fc}cher.example").await.status, 201);
    for same in [
        "JOSE\u{301}.K@B\u{dc}CHER.example",
        "jos\u{e9}.k@xn--bcher-kva.example",
        " jos\u{e9}.k@b\u{fc}cher.EXAMPLE",
    ] {
        let response = sign_up(&server, same).await;
        assert_eq!(response.problem(), (400, "email_taken".to_owned()), "{same}");
        assert_eq!(response.json()["detail"], "Email already registered");
        assert_eq!(response.field_error(), ("/email".to_owned(), "taken".to_owned()));
        assert_eq!(
            server
                .client()
                .sign_in(same)
                .await
                .get("/api/users/me")
                .send()
                .await
                .status,
            200
        );
    }
    assert_eq!(sign_up(&server, "jose.k@b\u{fc}cher.example").await.status, 201);
}

async fn email_with_compatibility_characters_is_rejected(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    for email in [
        "\u{ff42}ob@example.com",
        "bob@\u{ff45}xample.com",
        "bo\u{1d41b}@example.com",
        "\u{24d1}ob@example.com",
    ] {
        let invalid_format = |pointer: &str| (pointer.to_owned(), "invalid_format".to_owned());
        let rejected = sign_up(&server, email).await;
        assert_eq!(rejected.problem(), (422, "validation_failed".to_owned()), "{email}");
        assert_eq!(rejected.field_error(), invalid_format("/email"), "{email}");
        let detail = rejected.json()["errors"][0]["detail"]
            .as_str()
            .expect("a sentence")
            .to_owned();
        assert!(detail.contains("such as"), "{detail}");
        let body = json!({ "email": email, "roles": ["member"] });
        let invited = root.post("/api/users").json(&body).send().await;
        assert_eq!(invited.field_error(), invalid_format("/email"), "{email}");
        let body = json!({ "new_email": email, "current_password": PASSWORD });
        let changed = ada.post("/api/users/me/email").json(&body).send().await;
        assert_eq!(changed.field_error(), invalid_format("/new_email"), "{email}");
        let id = current_user_id(&ada).await;
        let changed = root
            .patch(&format!("/api/users/{id}"))
            .json(&json!({ "email": email }))
            .send()
            .await;
        assert_eq!(changed.field_error(), invalid_format("/email"), "{email}");
    }
    assert_eq!(sign_up(&server, "bob@example.com").await.status, 201);
    // Signing in still accepts such a spelling.
    server.client().sign_in("\u{ff42}ob@example.com").await;
}

/// Earlier releases accepted such emails.
async fn stored_email_with_compatibility_characters_still_signs_in(engine: Engine) {
    let server = TestServer::start(engine).await;
    let stored = EmailAddress::new_unchecked("\u{ff42}ob@example.com".to_owned(), "bob@example.com".to_owned());
    let hash = server
        .app
        .hasher
        .hash(Password::new_unchecked(PASSWORD))
        .await
        .expect("hashed");
    let new = NewUser {
        email: stored.clone(),
        password: None,
        display_name: None,
        roles: None,
        email_verified: false,
    };
    let created = users::create(&server.app, &Actor::operator(), new, None)
        .await
        .expect("created");
    server.user("jos\u{e9}@b\u{fc}cher.example", &["member"]).await;
    let mut tx = server.app.store.begin().await.expect("a transaction");
    tx.set_password_hash(created.id, &hash, server.app.clock.now())
        .await
        .expect("stored");
    tx.commit().await.expect("committed");
    server.deliver_emails().await;

    for email in ["\u{ff42}ob@example.com", "Bob@example.com"] {
        let bob = server.client().sign_in(email).await;
        assert_eq!(current_user(&bob).await["email"], "\u{ff42}ob@example.com");
        reset_link(&server, email).await;
    }
    let found = users::find_unacceptable_emails(&server.app, &Actor::operator(), 10)
        .await
        .expect("read");
    let ids: Vec<_> = found.iter().map(|user| user.id).collect();
    assert_eq!(ids, [created.id], "{found:?}");
    let db = server.app.store.db();
    assert!(
        db.find_user_by_email(stored.normalized())
            .await
            .expect("read")
            .is_some()
    );
}
