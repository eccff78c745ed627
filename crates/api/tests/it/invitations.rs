//! Invitations: their links, and what anonymous requests can do to them.

use chrono::TimeDelta;
use serde_json::{Value, json};
use vestibule_domain::{EmailKind, Policy, SignUpPolicy};
use vestibule_testing::{Answer, Client, Engine, TestServer, on_each_database};

on_each_database!(
    anonymous_requests_do_not_swallow_an_invitation,
    invitation_survives_forgot_password,
    accepted_invitation_ends_other_links,
    password_set_by_another_link_ends_the_invitation,
    too_many_invitations_are_rejected_openly,
    anonymous_requests_do_not_swallow_the_verification_of_a_sign_up,
);

const OWN: &str = "correct horse battery";

async fn post(client: &Client, path: &str, body: Value) -> Answer {
    client.post(path).json(&body).send().await
}

async fn invite(root: &Client, email: &str) -> Answer {
    post(root, "/api/users", json!({ "email": email, "roles": ["member"] })).await
}

async fn forget(server: &TestServer, email: &str) -> u16 {
    post(&server.client(), "/api/auth/forgot-password", json!({ "email": email }))
        .await
        .status
}

async fn redeem(server: &TestServer, token: &str, password: &str) -> Answer {
    let body = json!({ "token": token, "new_password": password });
    post(&server.client(), "/api/auth/reset-password", body).await
}

async fn root(server: &TestServer) -> Client {
    let root = server.signed_in("root@example.com", &["admin"]).await;
    server.mail().await;
    root
}

async fn anonymous_requests_do_not_swallow_an_invitation(engine: Engine) {
    let policy = Policy {
        sign_up: SignUpPolicy::Closed,
        ..Policy::default()
    };
    let server = TestServer::with_policy(engine, policy).await;
    let root = root(&server).await;
    for expected in [202, 202, 202, 202, 202, 429] {
        assert_eq!(forget(&server, "ada@example.com").await, expected);
    }
    assert_eq!(invite(&root, "ada@example.com").await.status, 201);
    let token = server.link(EmailKind::Invitation).await;
    assert_eq!(redeem(&server, &token, OWN).await.status, 204);
    server.client().sign_in("ada@example.com").await;
}

async fn invitation_survives_forgot_password(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = root(&server).await;
    assert_eq!(invite(&root, "ada@example.com").await.status, 201);
    let invitation = server.link(EmailKind::Invitation).await;
    for _ in 0..3 {
        assert_eq!(forget(&server, "ada@example.com").await, 202);
    }
    server.clock.advance(TimeDelta::hours(23));
    assert_eq!(redeem(&server, &invitation, OWN).await.status, 204);
    server.client().sign_in("ada@example.com").await;
}

async fn accepted_invitation_ends_other_links(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = root(&server).await;
    assert_eq!(invite(&root, "ada@example.com").await.status, 201);
    let invitation = server.link(EmailKind::Invitation).await;
    assert_eq!(forget(&server, "ada@example.com").await, 202);
    let reset = server.link(EmailKind::ResetPassword).await;
    assert_eq!(redeem(&server, &invitation, OWN).await.status, 204);
    for token in [&invitation, &reset] {
        let refused = redeem(&server, token, "staple remembered twice").await;
        assert_eq!(refused.problem(), (400, "invalid_token".to_owned()));
    }
}

async fn password_set_by_another_link_ends_the_invitation(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = root(&server).await;
    assert_eq!(invite(&root, "ada@example.com").await.status, 201);
    let invitation = server.link(EmailKind::Invitation).await;
    assert_eq!(forget(&server, "ada@example.com").await, 202);
    let reset = server.link(EmailKind::ResetPassword).await;
    assert_eq!(redeem(&server, &reset, OWN).await.status, 204);
    let refused = redeem(&server, &invitation, "staple remembered twice").await;
    assert_eq!(refused.problem(), (400, "invalid_token".to_owned()));
    // An expired one is refused as any other.
    assert_eq!(invite(&root, "grace@example.com").await.status, 201);
    let late = server.link(EmailKind::Invitation).await;
    server.clock.advance(TimeDelta::hours(24));
    assert_eq!(redeem(&server, &late, OWN).await.problem().1, "invalid_token");
}

/// Nothing is created without its link.
async fn too_many_invitations_are_rejected_openly(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = root(&server).await;
    for _ in 0..5 {
        let made = invite(&root, "ada@example.com").await;
        assert_eq!(made.status, 201, "{}", made.text);
        server.link(EmailKind::Invitation).await;
        let path = format!("/api/users/{}", made.json()["id"].as_str().expect("an id"));
        assert_eq!(root.delete(&path).send().await.status, 204);
    }
    let refused = invite(&root, "ada@example.com").await;
    assert_eq!(refused.problem(), (429, "too_many_requests".to_owned()));
    assert_eq!(refused.header("retry-after"), Some("720"));
    assert!(server.mail().await.is_empty());
    let found = root.get("/api/users?q=ada").send().await.json();
    assert_eq!(found, json!([]), "no account without a link");
    assert_eq!(invite(&root, "grace@example.com").await.status, 201);
    server.clock.advance(TimeDelta::minutes(13));
    let root = server.client().sign_in("root@example.com").await;
    assert_eq!(invite(&root, "ada@example.com").await.status, 201);
}

async fn anonymous_requests_do_not_swallow_the_verification_of_a_sign_up(engine: Engine) {
    let policy = Policy {
        require_verified_email: true,
        ..Policy::default()
    };
    let server = TestServer::with_policy(engine, policy).await;
    for _ in 0..5 {
        assert_eq!(forget(&server, "ada@example.com").await, 202);
    }
    let body = json!({ "email": "ada@example.com", "password": OWN });
    assert_eq!(post(&server.client(), "/api/users", body).await.status, 201);
    let token = server.link(EmailKind::VerifyEmail).await;
    let body = json!({ "token": token, "password": OWN });
    assert_eq!(post(&server.client(), "/api/auth/verify-email", body).await.status, 204);
    server.client().sign_in("ada@example.com").await;
}
