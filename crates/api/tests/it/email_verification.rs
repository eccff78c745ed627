//! Verifying a user's email.

use serde_json::json;
use vestibule_domain::EmailKind;
use vestibule_testing::{Engine, TestServer, on_each_database};

use crate::{
    authorization_matrix::Row,
    support::{
        PASSWORD, assert_invalid_token, forgot_password, is_email_verified, login, post,
        server_requiring_verified_email, sign_up,
    },
};

on_each_database!(
    verify_email_requires_a_session_or_the_password,
    verify_email_with_only_the_link_is_rejected,
    used_link_shows_only_the_owner_that_the_address_is_verified,
    sign_in_requires_a_verified_email_if_configured,
    anonymous_requests_do_not_suppress_the_verification_email,
);

/// Returns the rows of the authorization matrix.
pub(crate) fn authorization() -> Vec<Row> {
    vec![
        Row::everyone("resendVerificationEmail", 202).json(|_| json!({ "email": "unknown@example.com" })),
        Row::new("verifyEmail", [400, 400, 400, 400, 401, 400]).json(|_| json!({ "token": "x" })),
    ]
}

async fn verify_email_requires_a_session_or_the_password(engine: Engine) {
    let server = TestServer::start(engine).await;
    for (email, by_password) in [("ada@example.com", false), ("grace@example.com", true)] {
        assert_eq!(sign_up(&server, email).await.status, 201);
        let token = server.link(EmailKind::VerifyEmail).await;
        let user = server.client().sign_in(email).await;
        let (client, body) = if by_password {
            let body = json!({ "token": token, "password": PASSWORD });
            (server.client().with_access_token("stale"), body)
        } else {
            (user.clone(), json!({ "token": token }))
        };
        assert!(!is_email_verified(&user).await);
        let response = post(&client, "/api/auth/verify-email", body.clone()).await;
        assert_eq!(response.status, 204, "{}", response.text);
        assert!(is_email_verified(&user).await);
        let again = post(&client, "/api/auth/verify-email", body).await;
        assert_invalid_token(&again);
        assert_eq!(again.json()["reason"], "already_verified");
    }
}

async fn used_link_shows_only_the_owner_that_the_address_is_verified(engine: Engine) {
    let server = TestServer::start(engine).await;
    assert_eq!(sign_up(&server, "ada@example.com").await.status, 201);
    let token = server.link(EmailKind::VerifyEmail).await;
    let verify = async |password: &str| {
        let body = json!({ "token": token, "password": password });
        post(&server.client(), "/api/auth/verify-email", body).await
    };
    assert_eq!(verify(PASSWORD).await.status, 204);
    let wrong = verify("wrong").await;
    assert_invalid_token(&wrong);
    assert_eq!(wrong.json().get("reason"), None);
    assert_eq!(verify(PASSWORD).await.json()["reason"], "already_verified");
    // An administrator marks the address as unverified: only a new link verifies it again.
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let ada = root.get("/api/users?q=ada").send().await.json()[0]["id"].clone();
    let path = format!("/api/users/{}", ada.as_str().expect("an id"));
    let body = json!({ "email_verified": false });
    assert_eq!(root.patch(&path).json(&body).send().await.status, 200);
    let expired = verify(PASSWORD).await;
    assert_invalid_token(&expired);
    assert_eq!(expired.json().get("reason"), None);
}

async fn verify_email_with_only_the_link_is_rejected(engine: Engine) {
    let server = TestServer::start(engine).await;
    assert_eq!(sign_up(&server, "ada@example.com").await.status, 201);
    let token = server.link(EmailKind::VerifyEmail).await;
    let other = server.signed_in("eve@example.com", &["member"]).await;
    let anonymous = server.client();
    let path = "/api/auth/verify-email";
    assert_invalid_token(&post(&anonymous, path, json!({ "token": token })).await);
    assert_invalid_token(&post(&anonymous, path, json!({ "token": token, "password": "wrong" })).await);
    assert_invalid_token(&post(&other, path, json!({ "token": token })).await);
    assert_invalid_token(&post(&other, path, json!({ "token": token, "password": "wrong" })).await);
    let stale = post(&anonymous.with_access_token("stale"), path, json!({ "token": token })).await;
    assert_eq!(stale.problem(), (401, "unauthenticated".to_owned()));
    let null = post(&anonymous, path, json!({ "token": token, "password": null })).await;
    assert_eq!(null.field_error(), ("/password".to_owned(), "invalid_type".to_owned()));
    // None of these requests consumed the link.
    let ada = server.client().sign_in("ada@example.com").await;
    assert_eq!(post(&ada, path, json!({ "token": token })).await.status, 204);
}

async fn sign_in_requires_a_verified_email_if_configured(engine: Engine) {
    let server = server_requiring_verified_email(engine).await;
    let settings = server.client().get("/api/settings").send().await.json();
    assert_eq!(settings["require_verified_email"], true);
    assert_eq!(sign_up(&server, "ada@example.com").await.status, 201);
    let rejected = login(&server.client(), "ada@example.com", PASSWORD).await;
    assert_eq!(rejected.problem(), (403, "email_not_verified".to_owned()));
    assert_eq!(
        login(&server.client(), "ada@example.com", "wrong").await.status,
        401,
        "the state is revealed only with the correct password"
    );
    let token = server.link(EmailKind::VerifyEmail).await;
    let body = json!({ "token": token, "password": PASSWORD });
    assert_eq!(post(&server.client(), "/api/auth/verify-email", body).await.status, 204);
    let signed_in = login(&server.client(), "ada@example.com", PASSWORD).await;
    assert_eq!(signed_in.status, 200);
}

async fn anonymous_requests_do_not_suppress_the_verification_email(engine: Engine) {
    let server = server_requiring_verified_email(engine).await;
    for _ in 0..5 {
        assert_eq!(forgot_password(&server, "ada@example.com").await.status, 202);
    }
    assert_eq!(sign_up(&server, "ada@example.com").await.status, 201);
    let token = server.link(EmailKind::VerifyEmail).await;
    let body = json!({ "token": token, "password": PASSWORD });
    assert_eq!(post(&server.client(), "/api/auth/verify-email", body).await.status, 204);
    server.client().sign_in("ada@example.com").await;
}
