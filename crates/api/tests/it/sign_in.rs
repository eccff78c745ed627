//! Signing in, and what an access token is worth.

use chrono::TimeDelta;
use serde_json::{Value, json};
use vestibule_domain::{
    AccessClaims, AccessTokens, Actor, Commit, CredentialRepo, EmailAddress, Id, IfMatch, PasswordHash, Policy, Status,
    Store,
    users::{self, ImportUser, Imported, UserChanges},
};
use vestibule_security::{Jwt, JwtSettings, SecretKey};
use vestibule_testing::{Answer, Client, Engine, TestServer, on_each_database};

on_each_database!(
    a_wrong_password_and_an_unknown_address_look_alike,
    a_wrong_password_is_refused_alike_whatever_the_account_is,
    only_a_right_password_tells_that_an_account_is_disabled,
    a_password_counts_to_its_last_byte,
    a_plain_hash_is_renewed_on_sign_in,
    an_access_token_expires,
    a_forged_token_signs_nobody_in,
    a_deleted_user_is_not_found,
    oauth_gives_tokens_for_a_form,
    oauth_says_in_its_own_words_what_is_wrong,
);

/// Plain bcrypt of "correct horse battery" as passlib writes it, at two costs.
const PLAIN: &str = "$2b$04$0AhKZz/Twc91zpTffirPdeF1RDrWouqjNOl4ZA1dxuioIdTB4BJuy";
const PLAIN_OF_COST_5: &str = "$2b$05$g2jy.F8xjPOsadFSgwsote80RqQh6OuP/QbvimOCeh1wsXqCK3rF.";

async fn login(client: &Client, email: &str, password: &str) -> Answer {
    client
        .post("/api/auth/login")
        .json(&json!({ "email": email, "password": password }))
        .send()
        .await
}

/// Tries a wrong password at each of these addresses: nothing tells the refusals apart, and each costs one hash.
async fn refused_alike(server: &TestServer, emails: &[&str]) {
    let mut seen = Vec::new();
    for email in emails {
        let before = server.hasher.hashes();
        let mut answer = login(&server.client(), email, "wrong horse battery").await;
        assert_eq!(server.hasher.hashes() - before, 1, "{email}");
        assert_eq!(answer.problem(), (401, "invalid_credentials".to_owned()));
        let problem = answer.json();
        for name in ["x-request-id", "date"] {
            answer.headers.remove(name);
        }
        let mut headers: Vec<_> = answer
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {value:?}"))
            .collect();
        headers.sort();
        seen.push((headers, problem["detail"].clone(), answer.text.len()));
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:?}");
}

async fn a_wrong_password_and_an_unknown_address_look_alike(engine: Engine) {
    let server = TestServer::start(engine).await;
    server.user("ada@example.com", &["member"]).await;
    let long = "a".repeat(400);
    let emails = ["ada@example.com", "bob@example.com", "not an address", "", &long];
    refused_alike(&server, &emails).await;
}

async fn a_wrong_password_is_refused_alike_whatever_the_account_is(engine: Engine) {
    let policy = Policy {
        require_verified_email: true,
        ..Policy::default()
    };
    let server = TestServer::with_policy(engine, policy).await;
    let actor = Actor::operator();
    let account = |email: &str, password_hash: Option<&str>| ImportUser {
        email: EmailAddress::parse(email).expect("an address"),
        password_hash: password_hash.map(|hash| PasswordHash::new(hash.to_owned())),
        display_name: None,
        roles: Vec::new(),
        email_verified: true,
        created_at: None,
    };
    let people = vec![
        account("invited@example.com", None),
        account("moved-in@example.com", Some(PLAIN)),
        account("older@example.com", Some(PLAIN_OF_COST_5)),
    ];
    let made = users::import(&server.app, &actor, people, false).await.expect("made");
    assert_eq!(made, [Imported::Made, Imported::Made, Imported::Made]);
    server.user("unverified@example.com", &["member"]).await;
    let id = server.user("disabled@example.com", &["member"]).await;
    let disable = UserChanges {
        status: Some(Status::Disabled),
        ..UserChanges::default()
    };
    let id = id.parse().expect("an id");
    let disabled = users::update(&server.app, &actor, id, disable, IfMatch::Unconditional).await;
    assert!(!disabled.expect("changed").is_active());
    let emails = [
        "nobody@example.com",
        "invited@example.com",
        "moved-in@example.com",
        "older@example.com",
        "unverified@example.com",
        "disabled@example.com",
    ];
    refused_alike(&server, &emails).await;
}

async fn only_a_right_password_tells_that_an_account_is_disabled(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let id = server.user("ada@example.com", &["member"]).await;
    let disabled = admin
        .patch(&format!("/api/users/{id}"))
        .json(&json!({ "status": "disabled" }))
        .send()
        .await;
    assert_eq!(disabled.status, 200);
    let wrong = login(&server.client(), "ada@example.com", "wrong horse battery").await;
    assert_eq!(wrong.problem(), (401, "invalid_credentials".to_owned()));
    let right = login(&server.client(), "ada@example.com", "correct horse battery").await;
    assert_eq!(right.problem(), (403, "account_disabled".to_owned()));
}

async fn a_password_counts_to_its_last_byte(engine: Engine) {
    let server = TestServer::start(engine).await;
    let long = format!("{}x", "0123456789ab".repeat(6));
    let body = json!({ "email": "ada@example.com", "password": long });
    assert_eq!(server.client().post("/api/users").json(&body).send().await.status, 201);
    assert_eq!(login(&server.client(), "ada@example.com", &long).await.status, 200);
    for other in [&long[..72], &format!("{}y", &long[..72]), &format!("{long} ")] {
        assert_eq!(
            login(&server.client(), "ada@example.com", other).await.status,
            401,
            "{other}"
        );
    }
    let nul = login(&server.client(), "ada@example.com", &format!("{long}\0")).await;
    assert_eq!(nul.blamed(), ("/password".to_owned(), "invalid_format".to_owned()));
}

async fn a_plain_hash_is_renewed_on_sign_in(engine: Engine) {
    let server = TestServer::start(engine).await;
    let id: Id<_> = server
        .user("ada@example.com", &["member"])
        .await
        .parse()
        .expect("an id");
    let mut tx = server.app.store.begin().await.expect("a transaction");
    let hash = PasswordHash::new(PLAIN.to_owned());
    tx.set_password_hash(id, &hash, server.app.clock.now())
        .await
        .expect("stored");
    tx.commit().await.expect("committed");

    for _ in 0..2 {
        assert_eq!(
            login(&server.client(), "ada@example.com", "correct horse battery")
                .await
                .status,
            200
        );
    }
    let stored = server
        .app
        .store
        .db()
        .find_password(id)
        .await
        .expect("read")
        .expect("a hash");
    assert!(stored.hash.expose().starts_with("$bcrypt-sha256$v=2,"));
}

async fn an_access_token_expires(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    assert_eq!(ada.tokens["expires_in"], 1800);
    server.clock.advance(TimeDelta::seconds(1795));
    assert_eq!(ada.get("/api/users/me").send().await.status, 200);
    server.clock.advance(TimeDelta::seconds(6));
    let answer = ada.get("/api/users/me").send().await;
    assert_eq!(answer.problem(), (401, "token_expired".to_owned()));
    let challenge = answer.header("www-authenticate").expect("a challenge");
    assert_eq!(challenge, "Bearer realm=\"vestibule\", error=\"invalid_token\"");
}

async fn a_forged_token_signs_nobody_in(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let token = ada.access_token.clone().expect("a token");
    let claims = server.app.access_tokens.read(&token).expect("ours");
    let issue = |secret: &str, claims: &AccessClaims| {
        let url = "http://localhost:8000".to_owned();
        let settings = JwtSettings {
            issuer: url.clone(),
            audience: url,
        };
        Jwt::with_shared_key(&SecretKey::parse(secret).expect("strong").into(), settings)
            .issue(claims)
            .expect("signed")
    };
    let guessed = issue("a guessable key of thirty-two bytes", &claims);
    let ours = |claims: &AccessClaims| server.app.access_tokens.issue(claims).expect("signed");
    let other_user = ours(&AccessClaims {
        user: Id::from_uuid(uuid(9)),
        ..claims.clone()
    });
    let from_tomorrow = ours(&AccessClaims {
        not_before: claims.not_before + TimeDelta::days(1),
        ..claims.clone()
    });
    let refresh_token = ada.tokens["refresh_token"].as_str().expect("a token").to_owned();
    let (message, _) = token.rsplit_once('.').expect("three parts");
    for forged in [
        guessed,
        other_user,
        from_tomorrow,
        refresh_token,
        format!("{message}."),
        "x".repeat(20_000),
    ] {
        let answer = server.client().bearing(&forged).get("/api/users/me").send().await;
        assert_eq!(
            answer.problem(),
            (401, "unauthenticated".to_owned()),
            "{}",
            &forged[..forged.len().min(40)]
        );
        assert_eq!(answer.json()["detail"], "Invalid authentication credentials");
    }
    let unknown_session = ours(&AccessClaims {
        session: Id::from_uuid(uuid(9)),
        ..claims
    });
    let answer = server
        .client()
        .bearing(&unknown_session)
        .get("/api/users/me")
        .send()
        .await;
    assert_eq!(answer.problem(), (401, "session_revoked".to_owned()));

    let none = server.client().get("/api/users/me").send().await;
    assert_eq!(none.problem(), (401, "unauthenticated".to_owned()));
    assert_eq!(none.json()["detail"], "Not authenticated");
    assert_eq!(none.header("www-authenticate"), Some("Bearer realm=\"vestibule\""));
}

fn uuid(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(n)
}

async fn a_deleted_user_is_not_found(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let id = server.user("ada@example.com", &["member"]).await;
    let ada = server.client().sign_in("ada@example.com").await;
    assert_eq!(admin.delete(&format!("/api/users/{id}")).send().await.status, 204);
    for path in ["/api/users/me", "/api/users/me/sessions"] {
        assert_eq!(
            ada.get(path).send().await.problem(),
            (404, "user_not_found".to_owned()),
            "{path}"
        );
    }
    let elsewhere = ada.get(&format!("/api/users/{id}")).send().await;
    assert_eq!(elsewhere.problem(), (401, "unauthenticated".to_owned()));
    let refresh = json!({ "refresh_token": ada.tokens["refresh_token"] });
    let refused = server.client().post("/api/auth/refresh").json(&refresh).send().await;
    assert_eq!(refused.problem(), (401, "session_revoked".to_owned()));
}

async fn ask(client: &Client, form: &str) -> Answer {
    client
        .post("/api/auth/token")
        .body("application/x-www-form-urlencoded", form)
        .send()
        .await
}

async fn oauth_gives_tokens_for_a_form(engine: Engine) {
    let server = TestServer::start(engine).await;
    server.user("ada@example.com", &["member"]).await;
    let form = "grant_type=password&username=ada%40example.com&password=correct+horse+battery&scope=&client_id=&x=1";
    let request = server
        .client()
        .post("/api/auth/token")
        .header("authorization", "Basic Og==");
    let tokens = request.body("application/x-www-form-urlencoded", form).send().await;
    assert_eq!(tokens.status, 200, "{}", tokens.text);
    assert_eq!(tokens.header("cache-control"), Some("no-store"));
    let tokens: Value = tokens.json();
    assert_eq!(
        (&tokens["token_type"], &tokens["expires_in"]),
        (&json!("bearer"), &json!(1800))
    );
    let ada = server
        .client()
        .bearing(tokens["access_token"].as_str().expect("a token"));
    assert_eq!(ada.get("/api/users/me").send().await.json()["email"], "ada@example.com");

    let form = format!(
        "grant_type=refresh_token&refresh_token={}",
        tokens["refresh_token"].as_str().expect("a token")
    );
    assert_eq!(ask(&server.client(), &form).await.status, 200);
}

async fn oauth_says_in_its_own_words_what_is_wrong(engine: Engine) {
    let server = TestServer::start(engine).await;
    for (form, error) in [
        ("", "invalid_request"),
        ("grant_type=password", "invalid_request"),
        ("grant_type=password&grant_type=password", "invalid_request"),
        ("grant_type=client_credentials", "unsupported_grant_type"),
        ("grant_type=password&username=a&password=b", "invalid_grant"),
        ("grant_type=refresh_token&refresh_token=nonsense", "invalid_grant"),
    ] {
        let answer = ask(&server.client(), form).await;
        assert_eq!((answer.status, &answer.json()["error"]), (400, &json!(error)), "{form}");
        assert!(answer.json()["error_description"].is_string());
    }
    let nothing = server.client().post("/api/auth/token").send().await;
    assert_eq!(nothing.json()["error"], "invalid_request");
}
