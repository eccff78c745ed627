//! Resetting a forgotten password with an emailed link.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;
use vestibule_domain::EmailKind;
use vestibule_testing::{Engine, TestServer, on_each_database};

use crate::{
    authorization_matrix::Row,
    support::{
        NEW_PASSWORD, PASSWORD, assert_invalid_token, current_user_id, forgot_password, is_live, login, post,
        reset_link, reset_password, retry_after, sign_in_as_root, sign_up,
    },
};

on_each_database!(
    administrator_sends_a_reset_link,
    reset_link_of_a_more_privileged_user_is_denied,
    reset_link_works_once,
    concurrent_uses_of_a_reset_link_succeed_once,
    rejected_password_does_not_consume_the_reset_link,
    password_reset_evicts_an_attacker_who_signed_up_first,
    expired_replaced_or_forged_links_are_rejected,
    requesting_a_link_reveals_nothing_about_the_account,
);

/// Returns the rows of the authorization matrix.
pub(crate) fn authorization() -> Vec<Row> {
    vec![
        Row::everyone("requestPasswordReset", 202).json(|_| json!({ "email": "unknown@example.com" })),
        Row::everyone("resetPassword", 400).json(|_| json!({ "token": "x", "new_password": NEW_PASSWORD })),
        Row::manager("sendPasswordLink", 202),
    ]
}

async fn reset_link_works_once(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    server.deliver_emails().await;
    let token = reset_link(&server, " ADA@example.com").await;
    assert_eq!(reset_password(&server, &token, NEW_PASSWORD).await.status, 204);
    assert_invalid_token(&reset_password(&server, &token, "staple remembered thrice").await);
    assert_eq!(ada.get("/api/users/me").send().await.problem().1, "session_revoked");
    assert_eq!(login(&server.client(), "ada@example.com", PASSWORD).await.status, 401);
    assert_eq!(
        login(&server.client(), "ada@example.com", NEW_PASSWORD).await.status,
        200
    );
    let kinds: Vec<_> = server.deliver_emails().await.iter().map(|email| email.kind).collect();
    assert_eq!(kinds, [EmailKind::PasswordChanged]);
}

async fn concurrent_uses_of_a_reset_link_succeed_once(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let id = server.user("ada@example.com", &["member"]).await;
    server.deliver_emails().await;
    let token = reset_link(&server, "ada@example.com").await;
    let passwords: Vec<_> = (0..32).map(|n| format!("staple remembered {n}")).collect();
    let uses = join_all(
        passwords
            .iter()
            .map(|password| reset_password(&server, &token, password)),
    )
    .await;
    let winners: Vec<_> = (0..32).filter(|n| uses[*n].status == 204).collect();
    assert_eq!(winners.len(), 1);
    uses.iter()
        .filter(|response| response.status != 204)
        .for_each(assert_invalid_token);
    assert_eq!(
        login(&server.client(), "ada@example.com", &passwords[winners[0]])
            .await
            .status,
        200
    );
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let path = format!("/api/audit-events?action=password.reset&target={id}");
    let events = root.get(&path).send().await.json();
    assert_eq!(events.as_array().map(Vec::len), Some(1));
}

async fn rejected_password_does_not_consume_the_reset_link(engine: Engine) {
    let server = TestServer::start(engine).await;
    server.user("ada@example.com", &["member"]).await;
    server.deliver_emails().await;
    let token = reset_link(&server, "ada@example.com").await;
    for (password, code) in [
        ("short", "too_short"),
        ("password1", "common_password"),
        ("ada@example.com", "common_password"),
    ] {
        let rejected = reset_password(&server, &token, password).await;
        assert_eq!(
            rejected.field_error(),
            ("/new_password".to_owned(), code.to_owned()),
            "{}",
            rejected.text
        );
    }
    assert_eq!(reset_password(&server, &token, NEW_PASSWORD).await.status, 204);
}

/// The attacker creates an account with an email of the victim and waits for the victim to verify it.
async fn password_reset_evicts_an_attacker_who_signed_up_first(engine: Engine) {
    let server = TestServer::start(engine).await;
    assert_eq!(sign_up(&server, "ada@example.com").await.status, 201);
    let attacker = server.client().sign_in("ada@example.com").await;
    let change = json!({ "new_email": "eve@example.com", "current_password": PASSWORD });
    assert_eq!(post(&attacker, "/api/users/me/email", change).await.status, 202);
    let planted = server.link(EmailKind::ChangeEmail).await;

    let token = reset_link(&server, "ada@example.com").await;
    assert_eq!(reset_password(&server, &token, NEW_PASSWORD).await.status, 204);
    let me = attacker.get("/api/users/me").send().await;
    assert_eq!(me.problem(), (401, "session_revoked".to_owned()));
    assert_eq!(login(&server.client(), "ada@example.com", PASSWORD).await.status, 401);
    assert_invalid_token(&post(&attacker, "/api/auth/confirm-email-change", json!({ "token": planted })).await);
    let refresh = json!({ "refresh_token": attacker.tokens["refresh_token"] });
    assert_eq!(post(&attacker, "/api/auth/refresh", refresh).await.status, 401);
    assert_eq!(
        login(&server.client(), "ada@example.com", NEW_PASSWORD).await.status,
        200
    );
}

async fn expired_replaced_or_forged_links_are_rejected(engine: Engine) {
    let server = TestServer::start(engine).await;
    let id = sign_up(&server, "ada@example.com").await.json()["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let verify = server.link(EmailKind::VerifyEmail).await;
    let ada = server.client().sign_in("ada@example.com").await;

    // A newer link replaces an older one.
    let first = reset_link(&server, "ada@example.com").await;
    let second = reset_link(&server, "ada@example.com").await;
    assert_invalid_token(&reset_password(&server, &first, NEW_PASSWORD).await);

    // A link is valid for one purpose.
    assert_invalid_token(&reset_password(&server, &verify, NEW_PASSWORD).await);
    assert_invalid_token(&post(&ada, "/api/auth/verify-email", json!({ "token": second })).await);
    assert_invalid_token(&post(&ada, "/api/auth/confirm-email-change", json!({ "token": second })).await);
    for forged in [
        "",
        "x",
        "0.0",
        &second.replace('.', ""),
        &second.to_uppercase(),
        &format!("{second}0"),
    ] {
        assert_invalid_token(&reset_password(&server, forged, NEW_PASSWORD).await);
    }
    let (row, mac) = second.split_once('.').expect("two parts");
    let flipped = format!("{row}.{}{}", if mac.starts_with('0') { '1' } else { '0' }, &mac[1..]);
    assert_invalid_token(&reset_password(&server, &flipped, NEW_PASSWORD).await);

    // A link is invalidated by time, by a new password and by a new email.
    server.clock.advance(TimeDelta::minutes(30));
    assert_invalid_token(&reset_password(&server, &second, NEW_PASSWORD).await);
    let ada = server.client().sign_in("ada@example.com").await;
    let third = reset_link(&server, "ada@example.com").await;
    let change = json!({ "current_password": PASSWORD, "new_password": NEW_PASSWORD });
    assert_eq!(ada.put("/api/users/me/password").json(&change).send().await.status, 204);
    assert_invalid_token(&reset_password(&server, &third, PASSWORD).await);
    let root = server.signed_in("root@example.com", &["admin"]).await;
    server.deliver_emails().await;
    let fourth = reset_link(&server, "ada@example.com").await;
    let changed = root
        .patch(&format!("/api/users/{id}"))
        .json(&json!({ "email": "new@example.com" }));
    assert_eq!(changed.send().await.status, 200);
    assert_invalid_token(&reset_password(&server, &fourth, PASSWORD).await);
    assert_invalid_token(&post(&ada, "/api/auth/verify-email", json!({ "token": verify })).await);

    let resent = server.link(EmailKind::VerifyEmail).await;
    server.clock.advance(TimeDelta::hours(24));
    let body = json!({ "token": resent, "password": NEW_PASSWORD });
    assert_invalid_token(&post(&server.client(), "/api/auth/verify-email", body).await);
}

async fn requesting_a_link_reveals_nothing_about_the_account(engine: Engine) {
    let server = TestServer::start(engine).await;
    assert_eq!(sign_up(&server, "ada@example.com").await.status, 201);
    let verified = server.user("grace@example.com", &["member"]).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let verify = root
        .patch(&format!("/api/users/{verified}"))
        .json(&json!({ "email_verified": true }));
    assert_eq!(verify.send().await.status, 200);
    server.deliver_emails().await;

    for path in ["/api/auth/forgot-password", "/api/auth/resend-verification"] {
        let mut responses = Vec::new();
        for email in ["ada@example.com", "grace@example.com", "unknown@example.com"] {
            let before = server.hasher.hashes();
            let response = post(&server.client(), path, json!({ "email": email })).await;
            assert_eq!(server.hasher.hashes(), before);
            let names = ["content-type", "content-length", "cache-control", "etag"];
            let headers = names.map(|name| response.header(name).map(str::to_owned));
            responses.push((response.status, response.text.clone(), headers));
        }
        assert_eq!(responses[0].0, 202);
        assert!(
            responses.iter().all(|response| *response == responses[0]),
            "{responses:?}"
        );
        let to: Vec<_> = server
            .deliver_emails()
            .await
            .into_iter()
            .map(|email| email.to)
            .collect();
        if path.ends_with("forgot-password") {
            assert_eq!(to, ["ada@example.com", "grace@example.com"]);
        } else {
            assert_eq!(to, ["ada@example.com"], "the other user is already verified");
        }
        let malformed = post(&server.client(), path, json!({ "email": "ada" })).await;
        assert_eq!(malformed.field_error().0, "/email");
    }

    // Five emails an hour for each email address, with or without an account.
    for email in ["lovelace@example.com", "hopper@example.com"] {
        if email.starts_with('l') {
            assert_eq!(sign_up(&server, email).await.status, 201);
        } else {
            forgot_password(&server, email).await;
        }
        for _ in 0..4 {
            assert_eq!(forgot_password(&server, email).await.status, 202);
        }
        let rejected = post(
            &server.client(),
            "/api/auth/resend-verification",
            json!({ "email": email }),
        )
        .await;
        assert_eq!(rejected.problem(), (429, "too_many_requests".to_owned()));
        assert_eq!(rejected.header("retry-after"), Some("720"));
    }
}

async fn administrator_sends_a_reset_link(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = sign_in_as_root(&server).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let id = current_user_id(&ada).await;
    let path = format!("/api/users/{id}/password-link");
    while forgot_password(&server, "ada@example.com").await.status == 202 {}
    server.deliver_emails().await;
    // Anonymous requests do not use up the quota of administrators.
    assert_eq!(root.post(&path).send().await.status, 202);
    let token = server.link(EmailKind::ResetPassword).await;
    let events = root.get(&format!("/api/audit-events?target={id}&action=password.link_sent"));
    assert_eq!(events.send().await.json()[0]["actor"]["kind"], "user");
    assert_eq!(reset_password(&server, &token, NEW_PASSWORD).await.status, 204);
    assert!(!is_live(&ada).await);
    // The email of the new account counts too.
    for _ in 0..3 {
        assert_eq!(root.post(&path).send().await.status, 202);
    }
    let limited = root.post(&path).send().await;
    assert_eq!(retry_after(&limited), 720);
}

async fn reset_link_of_a_more_privileged_user_is_denied(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = sign_in_as_root(&server).await;
    let helpdesk = server.role("helpdesk", &json!(["users:write"])).await;
    let helpdesk = server.signed_in("helpdesk@example.com", &[&helpdesk]).await;
    server.deliver_emails().await;
    let path = format!("/api/users/{}/password-link", current_user_id(&root).await);
    let denied = helpdesk.post(&path).send().await;
    assert_eq!(denied.problem(), (403, "forbidden".to_owned()));
    assert!(server.deliver_emails().await.is_empty());
}
