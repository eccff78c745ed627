//! Links that verify an address or let somebody choose a password.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use vestibule_domain::{EmailKind, Policy};
use vestibule_testing::{Answer, Client, Engine, TestServer, on_each_database};

on_each_database!(
    an_address_is_verified_by_who_has_the_session_or_the_password,
    a_mailbox_alone_verifies_nothing,
    an_attacker_who_signed_up_with_anothers_address_is_thrown_out,
    a_forgotten_password_is_replaced_once,
    of_32_who_use_a_link_at_once_one_succeeds,
    a_refused_password_keeps_the_link,
    links_end,
    asking_for_a_link_tells_nothing,
    an_invited_person_chooses_a_password,
    only_who_makes_accounts_for_others_may_leave_the_password_out,
    who_must_verify_the_address_signs_in_after_that,
    a_new_device_is_told,
);

const OWN: &str = "correct horse battery";
const NEW: &str = "staple remembered twice";

async fn post(client: &Client, path: &str, body: Value) -> Answer {
    client.post(path).json(&body).send().await
}

async fn sign_up(server: &TestServer, email: &str) -> String {
    let answer = post(
        &server.client(),
        "/api/users",
        json!({ "email": email, "password": OWN }),
    )
    .await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()["id"].as_str().expect("an id").to_owned()
}

async fn reset(server: &TestServer, token: &str, password: &str) -> Answer {
    let body = json!({ "token": token, "new_password": password });
    post(&server.client(), "/api/auth/reset-password", body).await
}

async fn forget(server: &TestServer, email: &str) -> String {
    let answer = post(&server.client(), "/api/auth/forgot-password", json!({ "email": email })).await;
    assert_eq!((answer.status, answer.text.as_str()), (202, ""));
    server.link(EmailKind::ResetPassword).await
}

async fn log_in(server: &TestServer, email: &str, password: &str) -> u16 {
    let body = json!({ "email": email, "password": password });
    post(&server.client(), "/api/auth/login", body).await.status
}

async fn is_verified(client: &Client) -> bool {
    client.get("/api/users/me").send().await.json()["email_verified"] == true
}

fn invalid(answer: &Answer) {
    assert_eq!(answer.problem(), (400, "invalid_token".to_owned()), "{}", answer.text);
}

async fn an_address_is_verified_by_who_has_the_session_or_the_password(engine: Engine) {
    let server = TestServer::start(engine).await;
    for (email, by_password) in [("ada@example.com", false), ("grace@example.com", true)] {
        sign_up(&server, email).await;
        let token = server.link(EmailKind::VerifyEmail).await;
        let person = server.client().sign_in(email).await;
        let (client, body) = if by_password {
            let body = json!({ "token": token, "password": OWN });
            (server.client().bearing("stale"), body)
        } else {
            (person.clone(), json!({ "token": token }))
        };
        assert!(!is_verified(&person).await);
        let answer = post(&client, "/api/auth/verify-email", body.clone()).await;
        assert_eq!(answer.status, 204, "{}", answer.text);
        assert!(is_verified(&person).await);
        invalid(&post(&client, "/api/auth/verify-email", body).await);
    }
}

async fn a_mailbox_alone_verifies_nothing(engine: Engine) {
    let server = TestServer::start(engine).await;
    sign_up(&server, "ada@example.com").await;
    let token = server.link(EmailKind::VerifyEmail).await;
    let other = server.signed_in("eve@example.com", &["member"]).await;
    let nobody = server.client();
    let path = "/api/auth/verify-email";
    invalid(&post(&nobody, path, json!({ "token": token })).await);
    invalid(&post(&nobody, path, json!({ "token": token, "password": "wrong" })).await);
    invalid(&post(&other, path, json!({ "token": token })).await);
    invalid(&post(&other, path, json!({ "token": token, "password": "wrong" })).await);
    let stale = post(&nobody.bearing("stale"), path, json!({ "token": token })).await;
    assert_eq!(stale.problem(), (401, "unauthenticated".to_owned()));
    let none = post(&nobody, path, json!({ "token": token, "password": null })).await;
    assert_eq!(none.blamed(), ("/password".to_owned(), "invalid_type".to_owned()));
    // None of that used it up.
    let ada = server.client().sign_in("ada@example.com").await;
    assert_eq!(post(&ada, path, json!({ "token": token })).await.status, 204);
}

/// Whoever plants an account waits for its owner to verify the address.
async fn an_attacker_who_signed_up_with_anothers_address_is_thrown_out(engine: Engine) {
    let server = TestServer::start(engine).await;
    sign_up(&server, "ada@example.com").await;
    let attacker = server.client().sign_in("ada@example.com").await;
    let change = json!({ "new_email": "eve@example.com", "current_password": OWN });
    assert_eq!(post(&attacker, "/api/users/me/email", change).await.status, 202);
    let planted = server.link(EmailKind::ChangeEmail).await;

    let token = forget(&server, "ada@example.com").await;
    assert_eq!(reset(&server, &token, NEW).await.status, 204);
    let me = attacker.get("/api/users/me").send().await;
    assert_eq!(me.problem(), (401, "session_revoked".to_owned()));
    assert_eq!(log_in(&server, "ada@example.com", OWN).await, 401);
    invalid(&post(&attacker, "/api/auth/confirm-email-change", json!({ "token": planted })).await);
    let refresh = json!({ "refresh_token": attacker.tokens["refresh_token"] });
    assert_eq!(post(&attacker, "/api/auth/refresh", refresh).await.status, 401);
    assert_eq!(log_in(&server, "ada@example.com", NEW).await, 200);
}

async fn a_forgotten_password_is_replaced_once(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    server.mail().await;
    let token = forget(&server, " ADA@example.com").await;
    assert_eq!(reset(&server, &token, NEW).await.status, 204);
    invalid(&reset(&server, &token, "staple remembered thrice").await);
    assert_eq!(ada.get("/api/users/me").send().await.problem().1, "session_revoked");
    assert_eq!(log_in(&server, "ada@example.com", OWN).await, 401);
    assert_eq!(log_in(&server, "ada@example.com", NEW).await, 200);
    let told: Vec<_> = server.mail().await.iter().map(|letter| letter.kind).collect();
    assert_eq!(told, [EmailKind::PasswordChanged]);
}

async fn of_32_who_use_a_link_at_once_one_succeeds(engine: Engine) {
    let server = TestServer::unthrottled(engine).await;
    let id = server.user("ada@example.com", &["member"]).await;
    server.mail().await;
    let token = forget(&server, "ada@example.com").await;
    let passwords: Vec<_> = (0..32).map(|n| format!("staple remembered {n}")).collect();
    let uses = join_all(passwords.iter().map(|password| reset(&server, &token, password))).await;
    let won: Vec<_> = (0..32).filter(|n| uses[*n].status == 204).collect();
    assert_eq!(won.len(), 1);
    uses.iter().filter(|answer| answer.status != 204).for_each(invalid);
    assert_eq!(log_in(&server, "ada@example.com", &passwords[won[0]]).await, 200);
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let path = format!("/api/audit-events?action=password.reset&target={id}");
    let events = root.get(&path).send().await.json();
    assert_eq!(events.as_array().map(Vec::len), Some(1));
}

async fn a_refused_password_keeps_the_link(engine: Engine) {
    let server = TestServer::start(engine).await;
    server.user("ada@example.com", &["member"]).await;
    server.mail().await;
    let token = forget(&server, "ada@example.com").await;
    for (password, code) in [
        ("short", "too_short"),
        ("password1", "common_password"),
        ("ada@example.com", "common_password"),
    ] {
        let refused = reset(&server, &token, password).await;
        assert_eq!(
            refused.blamed(),
            ("/new_password".to_owned(), code.to_owned()),
            "{}",
            refused.text
        );
    }
    assert_eq!(reset(&server, &token, NEW).await.status, 204);
}

async fn links_end(engine: Engine) {
    let server = TestServer::start(engine).await;
    let id = sign_up(&server, "ada@example.com").await;
    let verify = server.link(EmailKind::VerifyEmail).await;
    let ada = server.client().sign_in("ada@example.com").await;

    // A newer one takes the place of the older.
    let first = forget(&server, "ada@example.com").await;
    let second = forget(&server, "ada@example.com").await;
    invalid(&reset(&server, &first, NEW).await);

    // One for something else is none.
    invalid(&reset(&server, &verify, NEW).await);
    invalid(&post(&ada, "/api/auth/verify-email", json!({ "token": second })).await);
    invalid(&post(&ada, "/api/auth/confirm-email-change", json!({ "token": second })).await);
    for forged in [
        "",
        "x",
        "0.0",
        &second.replace('.', ""),
        &second.to_uppercase(),
        &format!("{second}0"),
    ] {
        invalid(&reset(&server, forged, NEW).await);
    }
    let (row, mac) = second.split_once('.').expect("two parts");
    let flipped = format!("{row}.{}{}", if mac.starts_with('0') { '1' } else { '0' }, &mac[1..]);
    invalid(&reset(&server, &flipped, NEW).await);

    // Time, another password and another address end them.
    server.clock.advance(TimeDelta::minutes(30));
    invalid(&reset(&server, &second, NEW).await);
    let ada = server.client().sign_in("ada@example.com").await;
    let third = forget(&server, "ada@example.com").await;
    let change = json!({ "current_password": OWN, "new_password": NEW });
    assert_eq!(ada.put("/api/users/me/password").json(&change).send().await.status, 204);
    invalid(&reset(&server, &third, OWN).await);
    let root = server.signed_in("root@example.com", &["admin"]).await;
    server.mail().await;
    let fourth = forget(&server, "ada@example.com").await;
    let moved = root
        .patch(&format!("/api/users/{id}"))
        .json(&json!({ "email": "new@example.com" }));
    assert_eq!(moved.send().await.status, 200);
    invalid(&reset(&server, &fourth, OWN).await);
    invalid(&post(&ada, "/api/auth/verify-email", json!({ "token": verify })).await);

    let again = server.link(EmailKind::VerifyEmail).await;
    server.clock.advance(TimeDelta::hours(24));
    let body = json!({ "token": again, "password": NEW });
    invalid(&post(&server.client(), "/api/auth/verify-email", body).await);
}

async fn asking_for_a_link_tells_nothing(engine: Engine) {
    let server = TestServer::start(engine).await;
    sign_up(&server, "ada@example.com").await;
    let verified = server.user("grace@example.com", &["member"]).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let verify = root
        .patch(&format!("/api/users/{verified}"))
        .json(&json!({ "email_verified": true }));
    assert_eq!(verify.send().await.status, 200);
    server.mail().await;

    for path in ["/api/auth/forgot-password", "/api/auth/resend-verification"] {
        let mut answers = Vec::new();
        for email in ["ada@example.com", "grace@example.com", "nobody@example.com"] {
            let before = server.hasher.hashes();
            let answer = post(&server.client(), path, json!({ "email": email })).await;
            assert_eq!(server.hasher.hashes(), before);
            let names = ["content-type", "content-length", "cache-control", "etag"];
            let headers = names.map(|name| answer.header(name).map(str::to_owned));
            answers.push((answer.status, answer.text.clone(), headers));
        }
        assert_eq!(answers[0].0, 202);
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        let to: Vec<_> = server.mail().await.into_iter().map(|letter| letter.to).collect();
        if path.ends_with("forgot-password") {
            assert_eq!(to, ["ada@example.com", "grace@example.com"]);
        } else {
            assert_eq!(to, ["ada@example.com"], "the other one is verified");
        }
        let malformed = post(&server.client(), path, json!({ "email": "ada" })).await;
        assert_eq!(malformed.blamed().0, "/email");
    }

    // Five mails an hour, whoever it is.
    for email in ["lovelace@example.com", "hopper@example.com"] {
        if email.starts_with('l') {
            sign_up(&server, email).await;
        } else {
            post(&server.client(), "/api/auth/forgot-password", json!({ "email": email })).await;
        }
        for _ in 0..4 {
            let answer = post(&server.client(), "/api/auth/forgot-password", json!({ "email": email })).await;
            assert_eq!(answer.status, 202);
        }
        let refused = post(
            &server.client(),
            "/api/auth/resend-verification",
            json!({ "email": email }),
        )
        .await;
        assert_eq!(refused.problem(), (429, "too_many_requests".to_owned()));
        assert_eq!(refused.header("retry-after"), Some("720"));
    }
}

async fn an_invited_person_chooses_a_password(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    server.mail().await;
    let body = json!({ "email": "ada@example.com", "roles": ["member"] });
    let made = post(&root, "/api/users", body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let id = made.json()["id"].as_str().expect("an id").to_owned();
    assert_eq!(log_in(&server, "ada@example.com", OWN).await, 401);
    let access = root.get(&format!("/api/users/{id}/access")).send().await.json();
    assert_eq!(access["sign_in"]["reasons"][0]["code"], "no_password");

    let token = server.link(EmailKind::Invitation).await;
    server.clock.advance(TimeDelta::hours(23));
    assert_eq!(reset(&server, &token, OWN).await.status, 204);
    let ada = server.client().sign_in("ada@example.com").await;
    assert!(is_verified(&ada).await);
    assert!(server.mail().await.is_empty(), "the first password changes none");
}

async fn only_who_makes_accounts_for_others_may_leave_the_password_out(engine: Engine) {
    let server = TestServer::start(engine).await;
    let member = server.signed_in("member@example.com", &["member"]).await;
    let clerk = server.role("clerk", &json!(["users:create"])).await;
    let clerk = server.signed_in("clerk@example.com", &[&clerk]).await;
    let body = json!({ "email": "ada@example.com" });
    for client in [&server.client(), &member, &server.client().bearing("stale")] {
        let refused = post(client, "/api/users", body.clone()).await;
        assert_eq!(refused.blamed(), ("/password".to_owned(), "required".to_owned()));
    }
    assert_eq!(post(&clerk, "/api/users", body).await.status, 201);
}

async fn who_must_verify_the_address_signs_in_after_that(engine: Engine) {
    let policy = Policy {
        require_verified_email: true,
        ..Policy::default()
    };
    let server = TestServer::with_policy(engine, policy).await;
    let settings = server.client().get("/api/settings").send().await.json();
    assert_eq!(settings["require_verified_email"], true);
    sign_up(&server, "ada@example.com").await;
    let credentials = json!({ "email": "ada@example.com", "password": OWN });
    let refused = post(&server.client(), "/api/auth/login", credentials.clone()).await;
    assert_eq!(refused.problem(), (403, "email_not_verified".to_owned()));
    assert_eq!(
        log_in(&server, "ada@example.com", "wrong").await,
        401,
        "said to its owner only"
    );
    let token = server.link(EmailKind::VerifyEmail).await;
    let body = json!({ "token": token, "password": OWN });
    assert_eq!(post(&server.client(), "/api/auth/verify-email", body).await.status, 204);
    assert_eq!(post(&server.client(), "/api/auth/login", credentials).await.status, 200);
}

async fn a_new_device_is_told(engine: Engine) {
    let server = TestServer::start(engine).await;
    sign_up(&server, "ada@example.com").await;
    server.mail().await;
    let log_in = async |agent: &str| {
        let body = json!({ "email": "ada@example.com", "password": OWN });
        let request = server.client().post("/api/auth/login").header("user-agent", agent);
        assert_eq!(request.json(&body).send().await.status, 200);
        server.mail().await
    };
    assert!(log_in("browser").await.is_empty(), "the first one is no news");
    assert!(log_in("browser").await.is_empty());
    let told = log_in("telephone").await;
    assert_eq!((told.len(), told[0].kind), (1, EmailKind::NewDevice));
    assert_eq!(told[0].note.as_deref(), Some("telephone, from 127.0.0.1"));
    assert!(told[0].token.is_none());
    assert!(log_in("telephone").await.is_empty());
}
