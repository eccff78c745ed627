//! Authenticator apps and recovery codes.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;
use vestibule_domain::{Clock, EmailKind};
use vestibule_testing::{Engine, TestServer, on_each_database, totp_code};

use crate::{
    factors::{challenge, email_kinds, enable_totp, own_factors, prove_code, signed_in, texts},
    support::{
        NEW_PASSWORD, PASSWORD, WRONG_PASSWORD, current_user_id, login, login_from, post, reset_link, reset_password,
    },
};

on_each_database!(
    totp_is_set_up_and_removed,
    unconfirmed_totp_expires_and_is_replaced,
    wrong_code_does_not_confirm,
    code_signs_in_once_and_within_its_window,
    recovery_code_signs_in_once,
    new_recovery_codes_void_the_old_ones,
    fifth_wrong_code_voids_the_challenge,
    challenge_expires_and_is_used_once,
    changed_password_and_disabling_void_challenges,
    wrong_codes_use_up_the_quota_for_passwords,
    wrong_codes_from_many_networks_are_limited,
    password_reset_keeps_the_factors,
    changed_email_keeps_the_quota,
    malformed_proofs_name_the_field,
    one_of_many_parallel_codes_succeeds,
    one_of_many_parallel_recovery_codes_succeeds,
    one_of_many_parallel_answers_to_a_challenge_succeeds,
    password_grant_explains_the_second_factor,
    tokens_name_the_methods,
);

async fn totp_is_set_up_and_removed(engine: Engine) {
    let (server, admin) = TestServer::with_admin(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    server.deliver_emails().await;
    let created = ada.post("/api/users/me/totp").send().await.json();
    let secret = created["secret"].as_str().expect("a secret");
    assert_eq!((secret.len(), &created["expires_in"]), (32, &json!(600)));
    assert_eq!(
        created["otpauth_uri"],
        json!(format!(
            "otpauth://totp/localhost:ada%40example.com?secret={secret}&issuer=localhost&algorithm=SHA1&digits=6&period=30"
        ))
    );
    assert_eq!(own_factors(&ada).await["totp"], json!(null), "not confirmed yet");
    assert_eq!(login(&server.client(), "ada@example.com", PASSWORD).await.status, 200);

    let totp = enable_totp(&server, &ada).await;
    assert_eq!(totp.recovery_codes.len(), 10);
    assert_eq!(email_kinds(&server).await, [EmailKind::FactorAdded]);
    let again = ada.post("/api/users/me/totp").send().await;
    assert_eq!(again.problem(), (409, "totp_enabled".to_owned()));

    for _ in 0..2 {
        assert_eq!(ada.delete("/api/users/me/totp").send().await.status, 204);
    }
    assert_eq!(email_kinds(&server).await, [EmailKind::FactorRemoved]);
    assert_eq!(own_factors(&ada).await["recovery_codes"], json!(null));
    assert_eq!(login(&server.client(), "ada@example.com", PASSWORD).await.status, 200);
    let codes = ada.post("/api/users/me/recovery-codes").send().await;
    assert_eq!(codes.problem(), (409, "no_second_factor".to_owned()));

    let events = admin.get("/api/audit-events?limit=200").send().await.json();
    let actions: Vec<_> = events
        .as_array()
        .expect("a list")
        .iter()
        .rev()
        .map(|event| event["action"].clone())
        .collect();
    let own: Vec<_> = actions
        .iter()
        .filter(|action| {
            let action = action.as_str().expect("a name");
            action.starts_with("totp.") || action.starts_with("recovery_code")
        })
        .collect();
    assert_eq!(own, ["totp.enabled", "recovery_codes.generated", "totp.disabled"]);
}

async fn unconfirmed_totp_expires_and_is_replaced(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let confirm = async |code: &str| post(&ada, "/api/users/me/totp/confirm", json!({ "code": code })).await;
    assert_eq!(confirm("123456").await.problem(), (400, "invalid_token".to_owned()));
    let secret = async || {
        ada.post("/api/users/me/totp").send().await.json()["secret"]
            .as_str()
            .expect("a secret")
            .to_owned()
    };
    let (first, second) = (secret().await, secret().await);
    assert_ne!(first, second);
    let replaced = confirm(&totp_code(&first, server.clock.now())).await;
    assert_eq!(replaced.field_error(), ("/code".to_owned(), "wrong_code".to_owned()));
    server.clock.advance(TimeDelta::minutes(9));
    let refreshed = server.client().sign_in("ada@example.com").await;
    server.clock.advance(TimeDelta::minutes(1));
    let late = totp_code(&second, server.clock.now());
    let expired = post(&refreshed, "/api/users/me/totp/confirm", json!({ "code": late })).await;
    assert_eq!(expired.problem(), (400, "invalid_token".to_owned()));
}

async fn wrong_code_does_not_confirm(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    ada.post("/api/users/me/totp").send().await;
    for code in ["", "12345", "abcdef", "1234567"] {
        let response = post(&ada, "/api/users/me/totp/confirm", json!({ "code": code })).await;
        assert_eq!(
            (response.status, response.field_error()),
            (422, ("/code".to_owned(), "wrong_code".to_owned()))
        );
    }
    assert_eq!(own_factors(&ada).await["totp"], json!(null));
}

async fn code_signs_in_once_and_within_its_window(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let totp = enable_totp(&server, &ada).await;
    let first = challenge(&server, "ada@example.com").await;
    assert_eq!(
        (&first["methods"], &first["expires_in"]),
        (&json!(["totp", "recovery_code"]), &json!(300))
    );
    assert_eq!(first.get("access_token"), None);

    let used = prove_code(&server, &first, "totp", &totp.code(&server)).await;
    assert_eq!(
        used.problem(),
        (401, "invalid_credentials".to_owned()),
        "the code confirmed the app"
    );
    assert_eq!(used.field_error(), ("/code".to_owned(), "wrong_code".to_owned()));
    let code = totp.next_code(&server);
    server.clock.advance(TimeDelta::seconds(30));
    signed_in(&server, &prove_code(&server, &first, "totp", &code).await);
    let second = challenge(&server, "ada@example.com").await;
    assert_eq!(
        prove_code(&server, &second, "totp", &code).await.status,
        401,
        "used before"
    );
    let early = totp_code(&totp.secret, server.clock.now() + TimeDelta::seconds(30));
    signed_in(&server, &prove_code(&server, &second, "totp", &early).await);
    let third = challenge(&server, "ada@example.com").await;
    let earlier = prove_code(&server, &third, "totp", &totp.code(&server)).await;
    assert_eq!(earlier.status, 401, "a later code was used");
    server.clock.advance(TimeDelta::seconds(90));
    let old = totp_code(&totp.secret, server.clock.now() - TimeDelta::seconds(60));
    assert_eq!(
        prove_code(&server, &third, "totp", &old).await.status,
        401,
        "two steps ago"
    );
    signed_in(&server, &prove_code(&server, &third, "totp", &totp.code(&server)).await);
}

async fn recovery_code_signs_in_once(engine: Engine) {
    let (server, admin) = TestServer::with_admin(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let totp = enable_totp(&server, &ada).await;
    server.deliver_emails().await;
    let code = &totp.recovery_codes[3];
    let first = challenge(&server, "ada@example.com").await;
    let typed = format!(" {} ", code.to_uppercase().replace('-', " "));
    let ada = signed_in(&server, &prove_code(&server, &first, "recovery_code", &typed).await);
    assert_eq!(own_factors(&ada).await["recovery_codes"], json!({ "remaining": 9 }));
    assert_eq!(email_kinds(&server).await, [EmailKind::RecoveryCodeUsed]);
    let event = &admin
        .get("/api/audit-events?action=recovery_code.used")
        .send()
        .await
        .json()[0];
    assert_eq!(event["details"], json!({ "remaining": 9 }));
    let second = challenge(&server, "ada@example.com").await;
    let again = prove_code(&server, &second, "recovery_code", code).await;
    assert_eq!(again.field_error(), ("/code".to_owned(), "wrong_code".to_owned()));

    for code in totp.recovery_codes.iter().filter(|other| *other != code) {
        let challenge = challenge(&server, "ada@example.com").await;
        signed_in(&server, &prove_code(&server, &challenge, "recovery_code", code).await);
    }
    assert_eq!(own_factors(&ada).await["recovery_codes"], json!({ "remaining": 0 }));
    assert_eq!(challenge(&server, "ada@example.com").await["methods"], json!(["totp"]));
}

async fn new_recovery_codes_void_the_old_ones(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let totp = enable_totp(&server, &ada).await;
    server.deliver_emails().await;
    let replaced = ada.post("/api/users/me/recovery-codes").send().await;
    let codes = texts(&replaced.json()["recovery_codes"]);
    assert_eq!(codes.len(), 10);
    assert_eq!(email_kinds(&server).await, [EmailKind::RecoveryCodesGenerated]);
    let challenge = challenge(&server, "ada@example.com").await;
    assert_eq!(
        prove_code(&server, &challenge, "recovery_code", &totp.recovery_codes[0])
            .await
            .status,
        401
    );
    signed_in(
        &server,
        &prove_code(&server, &challenge, "recovery_code", &codes[0]).await,
    );
}

async fn fifth_wrong_code_voids_the_challenge(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let totp = enable_totp(&server, &ada).await;
    let first = challenge(&server, "ada@example.com").await;
    for _ in 0..5 {
        assert_eq!(prove_code(&server, &first, "recovery_code", "wrong").await.status, 401);
    }
    let code = totp.next_code(&server);
    assert_eq!(
        prove_code(&server, &first, "totp", &code).await.problem(),
        (400, "invalid_token".to_owned())
    );

    let second = challenge(&server, "ada@example.com").await;
    for _ in 0..10 {
        let malformed = post(
            &server.client(),
            "/api/auth/second-factor",
            json!({ "challenge": second["challenge"] }),
        )
        .await;
        assert_eq!(malformed.status, 422);
    }
    signed_in(&server, &prove_code(&server, &second, "totp", &code).await);
}

async fn challenge_expires_and_is_used_once(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let totp = enable_totp(&server, &ada).await;
    let first = challenge(&server, "ada@example.com").await;
    signed_in(
        &server,
        &prove_code(&server, &first, "totp", &totp.next_code(&server)).await,
    );
    let used = prove_code(&server, &first, "totp", &totp.next_code(&server)).await;
    assert_eq!(used.problem(), (400, "invalid_token".to_owned()));
    let second = challenge(&server, "ada@example.com").await;
    server.clock.advance(TimeDelta::minutes(5));
    let expired = prove_code(&server, &second, "totp", &totp.code(&server)).await;
    assert_eq!(expired.problem(), (400, "invalid_token".to_owned()));
    for forged in ["", "none", &"A".repeat(64)] {
        let response = prove_code(&server, &json!({ "challenge": forged }), "totp", "123456").await;
        assert_eq!(response.problem(), (400, "invalid_token".to_owned()), "{forged}");
    }
}

async fn changed_password_and_disabling_void_challenges(engine: Engine) {
    let (server, admin) = TestServer::with_admin(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let path = format!("/api/users/{}", current_user_id(&ada).await);
    let totp = enable_totp(&server, &ada).await;
    let first = challenge(&server, "ada@example.com").await;
    for status in ["disabled", "active"] {
        assert_eq!(
            admin
                .patch(&path)
                .json(&json!({ "status": status }))
                .send()
                .await
                .status,
            200
        );
    }
    let code = totp.next_code(&server);
    assert_eq!(prove_code(&server, &first, "totp", &code).await.status, 400);
    let second = challenge(&server, "ada@example.com").await;
    let third = challenge(&server, "ada@example.com").await;
    let ada = signed_in(&server, &prove_code(&server, &second, "totp", &code).await);
    let change = json!({ "current_password": PASSWORD, "new_password": NEW_PASSWORD });
    assert_eq!(ada.put("/api/users/me/password").json(&change).send().await.status, 204);
    let void = prove_code(&server, &third, "totp", &totp.next_code(&server)).await;
    assert_eq!(void.problem(), (400, "invalid_token".to_owned()));
}

async fn wrong_codes_use_up_the_quota_for_passwords(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let totp = enable_totp(&server, &ada).await;
    let mut wrong = 0;
    let limited = loop {
        let response = login(&server.client(), "ada@example.com", PASSWORD).await;
        if response.status == 429 {
            break response;
        }
        let challenge = response.json();
        for _ in 0..3 {
            let response = prove_code(&server, &challenge, "totp", "000000").await;
            wrong += u32::from(response.status == 401);
        }
        assert!(wrong < 20, "the quota is never used up");
    };
    assert!(limited.header("retry-after").is_some());
    let step_up = post(&ada, "/api/auth/step-up", json!({ "method": "totp", "code": "000000" })).await;
    assert_eq!(step_up.status, 429);

    server.clock.advance(TimeDelta::minutes(16));
    // Sign-ins that complete give the quota back.
    for _ in 0..15 {
        let challenge = challenge(&server, "ada@example.com").await;
        signed_in(
            &server,
            &prove_code(&server, &challenge, "totp", &totp.next_code(&server)).await,
        );
    }
}

async fn wrong_codes_from_many_networks_are_limited(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let totp = enable_totp(&server, &ada).await;
    let mut wrong = 0;
    for network in 1..=20 {
        let from = format!("198.51.{network}.1");
        let problem = login_from(&server, "ada@example.com", PASSWORD, &from, "attacker")
            .await
            .json();
        for _ in 0..5 {
            let body = json!({ "challenge": problem["challenge"], "method": "totp", "code": "000000" });
            let request = server
                .client()
                .post("/api/auth/second-factor")
                .header("x-forwarded-for", &from);
            wrong += u32::from(request.header("user-agent", "attacker").json(&body).send().await.status == 401);
        }
        server.clock.advance(TimeDelta::minutes(16));
    }
    // The quota of the account is 60 a day, of which some came back in these five hours.
    assert!((60..=80).contains(&wrong), "{wrong}");
    server.clock.advance(TimeDelta::hours(1));
    let challenge = challenge(&server, "ada@example.com").await;
    signed_in(
        &server,
        &prove_code(&server, &challenge, "totp", &totp.code(&server)).await,
    );
}

async fn password_reset_keeps_the_factors(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let totp = enable_totp(&server, &ada).await;
    let first = challenge(&server, "ada@example.com").await;
    server.deliver_emails().await;
    let link = reset_link(&server, "ada@example.com").await;
    assert_eq!(reset_password(&server, &link, NEW_PASSWORD).await.status, 204);
    let void = prove_code(&server, &first, "totp", &totp.next_code(&server)).await;
    assert_eq!(void.problem(), (400, "invalid_token".to_owned()));
    let response = login(&server.client(), "ada@example.com", NEW_PASSWORD).await;
    assert_eq!(response.problem(), (403, "second_factor_required".to_owned()));
    let ada = signed_in(
        &server,
        &prove_code(&server, &response.json(), "totp", &totp.next_code(&server)).await,
    );
    assert_eq!(own_factors(&ada).await["recovery_codes"], json!({ "remaining": 10 }));
}

async fn changed_email_keeps_the_quota(engine: Engine) {
    let (server, admin) = TestServer::with_admin(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let path = format!("/api/users/{}", current_user_id(&ada).await);
    enable_totp(&server, &ada).await;
    let wrong = json!({ "method": "totp", "code": "000000" });
    let mut statuses = Vec::new();
    for round in 0..3 {
        for _ in 0..10 {
            statuses.push(post(&ada, "/api/auth/step-up", wrong.clone()).await.status);
        }
        let email = json!({ "email": format!("ada{round}@example.com") });
        assert_eq!(admin.patch(&path).json(&email).send().await.status, 200);
    }
    assert_eq!(
        statuses.iter().filter(|status| **status == 401).count(),
        10,
        "{statuses:?}"
    );
}

async fn malformed_proofs_name_the_field(engine: Engine) {
    let server = TestServer::start(engine).await;
    for (body, pointer, code) in [
        (
            json!({ "challenge": "x", "method": "sms", "code": "1" }),
            "/method",
            "not_allowed_value",
        ),
        (json!({ "challenge": "x", "code": "1" }), "/method", "required"),
        (json!({ "challenge": "x", "method": "totp" }), "/code", "required"),
        (
            json!({ "challenge": "x", "method": "passkey" }),
            "/credential",
            "required",
        ),
        (
            json!({ "challenge": "x", "method": "passkey", "code": "1" }),
            "/code",
            "unknown_field",
        ),
        (
            json!({ "challenge": 1, "method": "totp", "code": "1" }),
            "/challenge",
            "invalid_type",
        ),
    ] {
        let response = post(&server.client(), "/api/auth/second-factor", body.clone()).await;
        let expected = (pointer.to_owned(), code.to_owned());
        assert_eq!((response.status, response.field_error()), (422, expected), "{body}");
    }
}

async fn one_of_many_parallel_codes_succeeds(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let totp = enable_totp(&server, &ada).await;
    let challenges = join_all((0..32).map(|_| challenge(&server, "ada@example.com"))).await;
    let code = totp.next_code(&server);
    let proofs = challenges
        .iter()
        .map(|challenge| prove_code(&server, challenge, "totp", &code));
    let statuses: Vec<_> = join_all(proofs).await.iter().map(|response| response.status).collect();
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        1,
        "{statuses:?}"
    );
    assert!(
        statuses.iter().all(|status| [200, 401].contains(status)),
        "{statuses:?}"
    );
}

async fn one_of_many_parallel_recovery_codes_succeeds(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let totp = enable_totp(&server, &ada).await;
    let challenges = join_all((0..32).map(|_| challenge(&server, "ada@example.com"))).await;
    let code = &totp.recovery_codes[0];
    let proofs = challenges
        .iter()
        .map(|challenge| prove_code(&server, challenge, "recovery_code", code));
    let statuses: Vec<_> = join_all(proofs).await.iter().map(|response| response.status).collect();
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        1,
        "{statuses:?}"
    );
    assert_eq!(own_factors(&ada).await["recovery_codes"], json!({ "remaining": 9 }));
}

async fn one_of_many_parallel_answers_to_a_challenge_succeeds(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let totp = enable_totp(&server, &ada).await;
    let challenge = challenge(&server, "ada@example.com").await;
    let codes = totp.recovery_codes.iter().cycle().take(32);
    let proofs = codes.map(|code| prove_code(&server, &challenge, "recovery_code", code));
    let statuses: Vec<_> = join_all(proofs).await.iter().map(|response| response.status).collect();
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        1,
        "{statuses:?}"
    );
    assert!(
        statuses.iter().all(|status| [200, 400].contains(status)),
        "{statuses:?}"
    );
    assert_eq!(
        own_factors(&ada).await["recovery_codes"],
        json!({ "remaining": 9 }),
        "the others use up nothing"
    );
}

async fn password_grant_explains_the_second_factor(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    enable_totp(&server, &ada).await;
    let form = format!(
        "grant_type=password&username=ada%40example.com&password={}",
        PASSWORD.replace(' ', "+")
    );
    let response = server
        .client()
        .post("/api/auth/token")
        .body("application/x-www-form-urlencoded", form)
        .send()
        .await;
    let error = response.json();
    assert_eq!((response.status, &error["error"]), (400, &json!("invalid_grant")));
    assert!(
        error["error_description"]
            .as_str()
            .expect("a text")
            .contains("second factor")
    );
    let wrong = login(&server.client(), "ada@example.com", WRONG_PASSWORD).await;
    assert_eq!(wrong.problem(), (401, "invalid_credentials".to_owned()));
}

async fn tokens_name_the_methods(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let claims = |client: &vestibule_testing::Client| {
        let token = client.access_token.clone().expect("signed in");
        let claims = server.app.access_tokens.read(&token).expect("valid");
        (claims.methods.to_stored(), claims.authenticated_at.expect("a time"))
    };
    let (methods, at) = claims(&ada);
    assert_eq!(methods, "pwd");
    assert!((server.clock.now() - at).num_seconds() < 2);
    let totp = enable_totp(&server, &ada).await;
    let challenge = challenge(&server, "ada@example.com").await;
    let ada = signed_in(
        &server,
        &prove_code(&server, &challenge, "totp", &totp.next_code(&server)).await,
    );
    assert_eq!(claims(&ada).0, "pwd otp mfa");
}
