//! Addresses whose spelling only looks like that of another address.

use serde_json::json;
use vestibule_domain::{
    Actor, Commit, CredentialRepo, EmailAddress, EmailKind, Password, Store, UserRepo,
    users::{self, NewUser},
};
use vestibule_testing::{Answer, Client, Engine, TestServer, on_each_database};

on_each_database!(
    compatibility_characters_take_no_address,
    stored_compatibility_addresses_still_sign_in,
);

const PASSWORD: &str = "correct horse battery";

async fn sign_up(client: &Client, email: &str) -> Answer {
    let body = json!({ "email": email, "password": PASSWORD });
    client.post("/api/users").json(&body).send().await
}

async fn compatibility_characters_take_no_address(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    for email in [
        "\u{ff42}ob@example.com",
        "bob@\u{ff45}xample.com",
        "bo\u{1d41b}@example.com",
        "\u{24d1}ob@example.com",
    ] {
        let format = |pointer: &str| (pointer.to_owned(), "invalid_format".to_owned());
        let refused = sign_up(&server.client(), email).await;
        assert_eq!(refused.problem(), (422, "validation_failed".to_owned()), "{email}");
        assert_eq!(refused.blamed(), format("/email"), "{email}");
        let detail = refused.json()["errors"][0]["detail"]
            .as_str()
            .expect("a sentence")
            .to_owned();
        assert!(detail.contains("such as"), "{detail}");
        let body = json!({ "email": email, "roles": ["member"] });
        let invited = root.post("/api/users").json(&body).send().await;
        assert_eq!(invited.blamed(), format("/email"), "{email}");
        let body = json!({ "new_email": email, "current_password": PASSWORD });
        let changed = ada.post("/api/users/me/email").json(&body).send().await;
        assert_eq!(changed.blamed(), format("/new_email"), "{email}");
        let id = ada.get("/api/users/me").send().await.json()["id"]
            .as_str()
            .expect("an id")
            .to_owned();
        let changed = root
            .patch(&format!("/api/users/{id}"))
            .json(&json!({ "email": email }))
            .send()
            .await;
        assert_eq!(changed.blamed(), format("/email"), "{email}");
    }
    assert_eq!(sign_up(&server.client(), "bob@example.com").await.status, 201);
    // Reading is as forgiving as before.
    server.client().sign_in("\u{ff42}ob@example.com").await;
}

/// An account of a release that accepted such addresses.
async fn stored_compatibility_addresses_still_sign_in(engine: Engine) {
    let server = TestServer::start(engine).await;
    let stored = EmailAddress::new_unchecked("\u{ff42}ob@example.com".to_owned(), "bob@example.com".to_owned());
    let hash = server
        .app
        .hasher
        .hash(Password::attempt(PASSWORD))
        .await
        .expect("hashed");
    let new = NewUser {
        email: stored.clone(),
        password: None,
        display_name: None,
        roles: None,
        email_verified: false,
    };
    let made = users::create(&server.app, &Actor::operator(), new, None)
        .await
        .expect("made");
    server.user("jos\u{e9}@b\u{fc}cher.example", &["member"]).await;
    let mut tx = server.app.store.begin().await.expect("a transaction");
    tx.set_password_hash(made.id, &hash, server.app.clock.now())
        .await
        .expect("stored");
    tx.commit().await.expect("committed");
    server.mail().await;

    for email in ["\u{ff42}ob@example.com", "Bob@example.com"] {
        let bob = server.client().sign_in(email).await;
        assert_eq!(
            bob.get("/api/users/me").send().await.json()["email"],
            "\u{ff42}ob@example.com"
        );
        let request = server.client().post("/api/auth/forgot-password");
        assert_eq!(
            request.json(&json!({ "email": email })).send().await.status,
            202,
            "{email}"
        );
        server.link(EmailKind::ResetPassword).await;
    }
    let found = users::find_unacceptable_emails(&server.app, &Actor::operator(), 10)
        .await
        .expect("read");
    let ids: Vec<_> = found.iter().map(|user| user.id).collect();
    assert_eq!(ids, [made.id], "{found:?}");
    let conn = server.app.store.db();
    assert!(
        conn.find_user_by_email(stored.normalized())
            .await
            .expect("read")
            .is_some()
    );
}
