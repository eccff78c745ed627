//! Fresh proofs of identity, which sensitive changes require.

use chrono::TimeDelta;
use serde_json::json;
use vestibule_domain::Clock;
use vestibule_testing::{Client, Engine, Response, TestServer, on_each_database, soft_authenticator::Options};

use crate::{
    factors::{add_passkey, email_kinds, enable_totp, get, own_factors, request_passkey},
    support::{NEW_PASSWORD, PASSWORD, UNKNOWN_ID, WRONG_PASSWORD, current_user_id, login, post},
};

on_each_database!(
    sensitive_changes_require_a_recent_proof,
    current_password_is_optional_while_the_session_is_fresh,
    password_makes_a_session_fresh_again,
    account_with_a_second_factor_proves_a_factor,
    passkey_makes_a_session_fresh_again,
    malformed_proofs_are_rejected,
    step_up_belongs_to_one_session,
    own_account_is_protected_on_the_routes_of_administrators,
);

fn assert_stale(response: &Response, methods: &[&str]) {
    assert_eq!(
        response.problem(),
        (403, "step_up_required".to_owned()),
        "{}",
        response.text
    );
    response.assert_contains(&json!({ "methods": methods, "max_age": 600 }));
}

async fn step_up(client: &Client, body: serde_json::Value) -> Response {
    post(client, "/api/auth/step-up", body).await
}

async fn sensitive_changes_require_a_recent_proof(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    server.clock.advance(TimeDelta::minutes(10));
    let requests = [
        ada.post("/api/users/me/totp"),
        ada.delete("/api/users/me/totp"),
        ada.post("/api/users/me/recovery-codes"),
        ada.post("/api/users/me/passkeys/options"),
        ada.delete(&format!("/api/users/me/passkeys/{UNKNOWN_ID}")),
        ada.get("/api/users/me/export"),
        ada.post("/api/users/me/email")
            .json(&json!({ "new_email": "new@example.com" })),
        ada.put("/api/users/me/password")
            .json(&json!({ "new_password": NEW_PASSWORD })),
        ada.post("/api/users/me/delete").json(&json!({})),
    ];
    for request in requests {
        assert_stale(&request.send().await, &["password"]);
    }
    assert_eq!(ada.get("/api/users/me/factors").send().await.status, 200);
    let change = json!({ "new_email": "new@example.com", "current_password": PASSWORD });
    assert_eq!(post(&ada, "/api/users/me/email", change).await.status, 202);
}

async fn current_password_is_optional_while_the_session_is_fresh(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let change = json!({ "new_email": "new@example.com" });
    assert_eq!(post(&ada, "/api/users/me/email", change).await.status, 202);
    let wrong = json!({ "current_password": WRONG_PASSWORD, "new_password": NEW_PASSWORD });
    let wrong = ada.put("/api/users/me/password").json(&wrong).send().await;
    assert_eq!(
        wrong.field_error(),
        ("/current_password".to_owned(), "wrong_password".to_owned())
    );
    let change = json!({ "new_password": NEW_PASSWORD });
    assert_eq!(ada.put("/api/users/me/password").json(&change).send().await.status, 204);
    assert_eq!(
        login(&server.client(), "ada@example.com", NEW_PASSWORD).await.status,
        200
    );
    assert_eq!(post(&ada, "/api/users/me/delete", json!({})).await.status, 204);
}

async fn password_makes_a_session_fresh_again(engine: Engine) {
    let (server, admin) = TestServer::with_admin(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    server.deliver_emails().await;
    server.clock.advance(TimeDelta::minutes(11));
    let wrong = step_up(&ada, json!({ "password": WRONG_PASSWORD })).await;
    assert_eq!(wrong.problem(), (401, "invalid_credentials".to_owned()));
    assert_eq!(
        wrong.field_error(),
        ("/password".to_owned(), "wrong_password".to_owned())
    );
    assert_stale(&ada.get("/api/users/me/export").send().await, &["password"]);

    let proved_at = server.clock.now();
    assert_eq!(step_up(&ada, json!({ "password": PASSWORD })).await.status, 204);
    assert_eq!(ada.get("/api/users/me/export").send().await.status, 200);
    assert!(email_kinds(&server).await.is_empty());
    let refreshed = post(
        &server.client(),
        "/api/auth/refresh",
        json!({ "refresh_token": ada.tokens["refresh_token"] }),
    )
    .await;
    let token = refreshed.json()["access_token"].as_str().expect("a token").to_owned();
    let claims = server.app.access_tokens.read(&token).expect("valid");
    let difference = claims.authenticated_at.expect("a time") - proved_at;
    assert!(difference.abs() < TimeDelta::seconds(2), "{difference}");
    let event = &admin
        .get("/api/audit-events?action=session.stepped_up")
        .send()
        .await
        .json()[0];
    assert_eq!(event["details"], json!({ "methods": ["pwd"] }));
    server.clock.advance(TimeDelta::minutes(10));
    assert_stale(&ada.get("/api/users/me/export").send().await, &["password"]);
}

async fn account_with_a_second_factor_proves_a_factor(engine: Engine) {
    let (server, admin) = TestServer::with_admin(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let totp = enable_totp(&server, &ada).await;
    server.clock.advance(TimeDelta::minutes(11));
    assert_stale(
        &ada.delete("/api/users/me/totp").send().await,
        &["totp", "recovery_code"],
    );
    let password = step_up(&ada, json!({ "password": PASSWORD })).await;
    assert_eq!(password.problem(), (403, "second_factor_required".to_owned()));
    password.assert_contains(&json!({ "methods": ["totp", "recovery_code"] }));
    assert!(password.json().get("challenge").is_none());

    let wrong = step_up(&ada, json!({ "method": "totp", "code": "000000" })).await;
    assert_eq!(wrong.problem(), (401, "invalid_credentials".to_owned()));
    assert_eq!(wrong.field_error(), ("/code".to_owned(), "wrong_code".to_owned()));
    let event = &admin
        .get("/api/audit-events?action=session.second_factor_rejected")
        .send()
        .await
        .json()[0];
    assert_eq!(event["details"]["reason"], "wrong_code");
    let code = totp.code(&server);
    assert_eq!(
        step_up(&ada, json!({ "method": "totp", "code": code })).await.status,
        204
    );
    assert_eq!(
        step_up(&ada, json!({ "method": "totp", "code": code })).await.status,
        401,
        "used before"
    );
    let recovery = json!({ "method": "recovery_code", "code": totp.recovery_codes[0] });
    assert_eq!(step_up(&ada, recovery).await.status, 204);
    assert_eq!(own_factors(&ada).await["recovery_codes"], json!({ "remaining": 9 }));
    assert_eq!(ada.delete("/api/users/me/totp").send().await.status, 204);
}

async fn passkey_makes_a_session_fresh_again(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let mut authenticator = server.authenticator();
    add_passkey(&ada, &mut authenticator, &Options::default()).await;
    server.clock.advance(TimeDelta::minutes(11));
    let request = request_passkey(&ada).await;
    let body = json!({
        "challenge_id": request["challenge_id"], "credential": get(&authenticator, &request, &Options::default())
    });
    let bob = server.signed_in("bob@example.com", &["member"]).await;
    let foreign = step_up(&bob, body.clone()).await;
    assert_eq!(foreign.problem(), (401, "invalid_credentials".to_owned()));
    assert_eq!(step_up(&ada, body.clone()).await.status, 204);
    assert_eq!(step_up(&ada, body).await.problem(), (400, "invalid_token".to_owned()));
    assert_eq!(ada.get("/api/users/me/export").send().await.status, 200);
}

async fn malformed_proofs_are_rejected(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    for (body, pointer, code) in [
        (json!({}), "/password", "required"),
        (json!({ "method": "totp" }), "/code", "required"),
        (json!({ "code": "123456" }), "/method", "required"),
        (json!({ "challenge_id": UNKNOWN_ID }), "/credential", "required"),
        (
            json!({ "method": "passkey", "code": "1" }),
            "/method",
            "not_allowed_value",
        ),
        (
            json!({ "password": "a", "code": "1", "method": "totp" }),
            "",
            "not_allowed_value",
        ),
        (json!({ "password": 1 }), "/password", "invalid_type"),
        (json!({ "pin": "1" }), "/pin", "unknown_field"),
    ] {
        let response = step_up(&ada, body.clone()).await;
        assert_eq!(response.status, 422, "{body}");
        assert!(
            response.field_errors().contains(&(pointer.to_owned(), code.to_owned())),
            "{body}: {}",
            response.text
        );
    }
}

async fn step_up_belongs_to_one_session(engine: Engine) {
    let server = TestServer::start(engine).await;
    let one = server.signed_in("ada@example.com", &["member"]).await;
    let two = server.client().sign_in("ada@example.com").await;
    server.clock.advance(TimeDelta::minutes(11));
    assert_eq!(step_up(&one, json!({ "password": PASSWORD })).await.status, 204);
    assert_eq!(one.get("/api/users/me/export").send().await.status, 200);
    assert_stale(&two.get("/api/users/me/export").send().await, &["password"]);
}

async fn own_account_is_protected_on_the_routes_of_administrators(engine: Engine) {
    let (server, admin) = TestServer::with_admin(engine).await;
    let other = server.user("other@example.com", &["member"]).await;
    let own = format!("/api/users/{}", current_user_id(&admin).await);
    server.user("second@example.com", &["admin"]).await;
    server.clock.advance(TimeDelta::minutes(11));
    let email = json!({ "email": "new@example.com", "email_verified": true });
    assert_stale(&admin.patch(&own).json(&email).send().await, &["password"]);
    assert_stale(&admin.delete(&own).send().await, &["password"]);
    let name = json!({ "display_name": "Ada" });
    assert_eq!(admin.patch(&own).json(&name).send().await.status, 200);
    let other = format!("/api/users/{other}");
    assert_eq!(admin.patch(&other).json(&email).send().await.status, 200);
    assert_eq!(admin.delete(&other).send().await.status, 204);
    assert_eq!(step_up(&admin, json!({ "password": PASSWORD })).await.status, 204);
    assert_eq!(admin.delete(&own).send().await.status, 204);
}
