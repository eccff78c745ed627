//! Invitations: accounts without a password, their links, and the effect of anonymous requests on them.

use chrono::TimeDelta;
use serde_json::json;
use vestibule_domain::{EmailKind, Policy, SignUpPolicy};
use vestibule_testing::{Client, Engine, Response, TestServer, on_each_database};

use crate::support::{
    NEW_PASSWORD, PASSWORD, assert_invalid_token, forgot_password, is_email_verified, login, post, reset_link,
    reset_password, sign_in_as_root,
};

on_each_database!(
    administrator_sends_the_invitation_again,
    invited_user_sets_a_password,
    password_is_optional_only_for_invitations,
    anonymous_requests_do_not_suppress_an_invitation,
    invitation_survives_password_reset_requests,
    accepted_invitation_invalidates_other_links,
    password_set_by_a_reset_link_invalidates_the_invitation,
    invitations_beyond_the_quota_are_rejected,
);

async fn invite(root: &Client, email: &str) -> Response {
    post(root, "/api/users", json!({ "email": email, "roles": ["member"] })).await
}

async fn invited_user_sets_a_password(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = sign_in_as_root(&server).await;
    let created = invite(&root, "ada@example.com").await;
    assert_eq!(created.status, 201, "{}", created.text);
    let id = created.json()["id"].as_str().expect("an id").to_owned();
    assert_eq!(login(&server.client(), "ada@example.com", PASSWORD).await.status, 401);
    let access = root.get(&format!("/api/users/{id}/access")).send().await.json();
    assert_eq!(access["sign_in"]["reasons"][0]["code"], "no_password");

    let token = server.link(EmailKind::Invitation).await;
    server.clock.advance(TimeDelta::hours(23));
    assert_eq!(reset_password(&server, &token, PASSWORD).await.status, 204);
    let ada = server.client().sign_in("ada@example.com").await;
    assert!(is_email_verified(&ada).await);
    assert!(
        server.deliver_emails().await.is_empty(),
        "setting the first password is not a password change"
    );
}

async fn password_is_optional_only_for_invitations(engine: Engine) {
    let server = TestServer::start(engine).await;
    let member = server.signed_in("member@example.com", &["member"]).await;
    let clerk = server.role("clerk", &json!(["users:create"])).await;
    let clerk = server.signed_in("clerk@example.com", &[&clerk]).await;
    let body = json!({ "email": "ada@example.com" });
    for client in [&server.client(), &member, &server.client().with_access_token("stale")] {
        let rejected = post(client, "/api/users", body.clone()).await;
        assert_eq!(rejected.field_error(), ("/password".to_owned(), "required".to_owned()));
    }
    assert_eq!(post(&clerk, "/api/users", body).await.status, 201);
}

async fn anonymous_requests_do_not_suppress_an_invitation(engine: Engine) {
    let policy = Policy {
        sign_up: SignUpPolicy::Closed,
        ..Policy::default()
    };
    let server = TestServer::with_policy(engine, policy).await;
    let root = sign_in_as_root(&server).await;
    for expected in [202, 202, 202, 202, 202, 429] {
        assert_eq!(forgot_password(&server, "ada@example.com").await.status, expected);
    }
    assert_eq!(invite(&root, "ada@example.com").await.status, 201);
    let token = server.link(EmailKind::Invitation).await;
    assert_eq!(reset_password(&server, &token, PASSWORD).await.status, 204);
    server.client().sign_in("ada@example.com").await;
}

async fn invitation_survives_password_reset_requests(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = sign_in_as_root(&server).await;
    assert_eq!(invite(&root, "ada@example.com").await.status, 201);
    let invitation = server.link(EmailKind::Invitation).await;
    for _ in 0..3 {
        assert_eq!(forgot_password(&server, "ada@example.com").await.status, 202);
    }
    server.clock.advance(TimeDelta::hours(23));
    assert_eq!(reset_password(&server, &invitation, PASSWORD).await.status, 204);
    server.client().sign_in("ada@example.com").await;
}

async fn accepted_invitation_invalidates_other_links(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = sign_in_as_root(&server).await;
    assert_eq!(invite(&root, "ada@example.com").await.status, 201);
    let invitation = server.link(EmailKind::Invitation).await;
    let reset = reset_link(&server, "ada@example.com").await;
    assert_eq!(reset_password(&server, &invitation, PASSWORD).await.status, 204);
    for token in [&invitation, &reset] {
        assert_invalid_token(&reset_password(&server, token, NEW_PASSWORD).await);
    }
}

async fn password_set_by_a_reset_link_invalidates_the_invitation(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = sign_in_as_root(&server).await;
    assert_eq!(invite(&root, "ada@example.com").await.status, 201);
    let invitation = server.link(EmailKind::Invitation).await;
    let reset = reset_link(&server, "ada@example.com").await;
    assert_eq!(reset_password(&server, &reset, PASSWORD).await.status, 204);
    assert_invalid_token(&reset_password(&server, &invitation, NEW_PASSWORD).await);
    // An expired invitation is rejected as well.
    assert_eq!(invite(&root, "grace@example.com").await.status, 201);
    let expired = server.link(EmailKind::Invitation).await;
    server.clock.advance(TimeDelta::hours(24));
    assert_invalid_token(&reset_password(&server, &expired, PASSWORD).await);
}

/// No account is created if its invitation cannot be sent.
async fn invitations_beyond_the_quota_are_rejected(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = sign_in_as_root(&server).await;
    for _ in 0..5 {
        let created = invite(&root, "ada@example.com").await;
        assert_eq!(created.status, 201, "{}", created.text);
        server.link(EmailKind::Invitation).await;
        let path = format!("/api/users/{}", created.json()["id"].as_str().expect("an id"));
        assert_eq!(root.delete(&path).send().await.status, 204);
    }
    let rejected = invite(&root, "ada@example.com").await;
    assert_eq!(rejected.problem(), (429, "too_many_requests".to_owned()));
    assert_eq!(rejected.header("retry-after"), Some("720"));
    assert!(server.deliver_emails().await.is_empty());
    let found = root.get("/api/users?q=ada").send().await.json();
    assert_eq!(found, json!([]), "no account without an invitation");
    assert_eq!(invite(&root, "grace@example.com").await.status, 201);
    server.clock.advance(TimeDelta::minutes(13));
    let root = server.client().sign_in("root@example.com").await;
    assert_eq!(invite(&root, "ada@example.com").await.status, 201);
}

async fn administrator_sends_the_invitation_again(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = sign_in_as_root(&server).await;
    let created = invite(&root, "ada@example.com").await.json();
    let first = server.link(EmailKind::Invitation).await;
    let path = format!("/api/users/{}/password-link", created["id"].as_str().expect("an id"));
    server.clock.advance(TimeDelta::hours(25));
    let root = server.client().sign_in("root@example.com").await;
    let is_invited = async || root.get("/api/users?q=ada").send().await.json()[0]["invited"] == true;
    assert!(is_invited().await);
    let sent = root.post(&path).send().await;
    assert_eq!((sent.status, sent.text.as_str()), (202, ""));
    let second = server.link(EmailKind::Invitation).await;
    assert_invalid_token(&reset_password(&server, &first, PASSWORD).await);
    assert_eq!(reset_password(&server, &second, PASSWORD).await.status, 204);
    server.client().sign_in("ada@example.com").await;
    assert!(!is_invited().await);
}
