//! Each kind of token is good for one thing.

use serde_json::json;
use vestibule_api::setup_path;
use vestibule_domain::{EmailKind, setup};
use vestibule_testing::{Client, Engine, TestServer, on_each_database};

on_each_database!(a_token_is_good_in_its_own_place_only);

/// Places that take a token, by the kind that is right there.
const PLACES: [&str; 7] = ["access", "refresh", "setup", "cursor", "verify", "change", "reset"];

const OWN: &str = "correct horse battery";

/// What a place says to a token: whether it took it.
async fn takes(place: &str, token: &str, client: &Client, admin: &Client) -> bool {
    let answer = match place {
        "access" => client.bearing(token).get("/api/users/me").send().await,
        "refresh" => {
            let body = json!({ "refresh_token": token });
            let form = format!("grant_type=refresh_token&refresh_token={token}");
            let oauth = client
                .post("/api/auth/token")
                .body("application/x-www-form-urlencoded", form);
            let oauth = oauth.send().await.status;
            let json = client.post("/api/auth/refresh").json(&body).send().await;
            assert_eq!(json.status == 200, oauth == 200, "{place}: {}", json.text);
            json
        }
        "setup" => {
            let body = json!({ "token": token, "email": "first@example.com", "password": OWN });
            client.post("/api/setup").json(&body).send().await
        }
        "verify" => {
            let body = json!({ "token": token, "password": OWN });
            client.post("/api/auth/verify-email").json(&body).send().await
        }
        "change" => {
            let body = json!({ "token": token });
            client.post("/api/auth/confirm-email-change").json(&body).send().await
        }
        "reset" => {
            let body = json!({ "token": token, "new_password": OWN });
            client.post("/api/auth/reset-password").json(&body).send().await
        }
        "cursor" => admin.get(&format!("/api/users?limit=1&cursor={token}")).send().await,
        other => panic!("no such place: {other}"),
    };
    answer.status < 300
}

/// The token of a link of each kind.
async fn links(server: &TestServer) -> [(&'static str, String); 3] {
    let client = server.client();
    let email = "grace@example.com";
    let made = client
        .post("/api/users")
        .json(&json!({ "email": email, "password": OWN }));
    assert_eq!(made.send().await.status, 201);
    let verify = server.link(EmailKind::VerifyEmail).await;
    let change = json!({ "new_email": "hopper@example.com", "current_password": OWN });
    let change = client.sign_in(email).await.post("/api/users/me/email").json(&change);
    assert_eq!(change.send().await.status, 202);
    let change = server.link(EmailKind::ChangeEmail).await;
    // Of somebody else, because a change of the address ends it.
    let forgot = json!({ "email": "other@example.com" });
    let forgot = client.post("/api/auth/forgot-password").json(&forgot);
    assert_eq!(forgot.send().await.status, 202);
    let reset = server.link(EmailKind::ResetPassword).await;
    [("verify", verify), ("change", change), ("reset", reset)]
}

async fn a_token_is_good_in_its_own_place_only(engine: Engine) {
    // Thus many wrong ones look like an attack.
    let server = TestServer::unthrottled(engine).await;
    let setup = setup::token(&server.app).await.expect("read").expect("open");
    let setup = setup_path(&setup).replace("/setup#token=", "");
    // Somebody who may list users without having been an administrator, so that setup stays open.
    let reader = json!(["users:read"]);
    let reader = server.role("reader", &reader).await;
    let admin = server.signed_in("reader@example.com", &[&reader]).await;
    server.user("other@example.com", &["member"]).await;
    let page = admin.get("/api/users?limit=1").send().await;
    let cursor = page
        .next_page()
        .expect("a next page")
        .split("cursor=")
        .nth(1)
        .expect("a cursor")
        .to_owned();
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let text = |name: &str| ada.tokens[name].as_str().expect("a token").to_owned();
    server.mail().await;
    let mut tokens = vec![
        ("access", text("access_token")),
        ("refresh", text("refresh_token")),
        ("cursor", cursor),
    ];
    tokens.extend(links(&server).await);
    tokens.push(("setup", setup));
    // Everything is refused everywhere else while it is still good, and taken in its own place after that.
    for (kind, token) in &tokens {
        for place in PLACES.iter().filter(|place| *place != kind) {
            let taken = takes(place, token, &server.client(), &admin).await;
            assert!(!taken, "a {kind} token where {place} belongs");
        }
    }
    for (kind, token) in &tokens {
        let taken = takes(kind, token, &server.client(), &admin).await;
        assert!(taken, "a {kind} token in its own place");
    }
    let session = text("session_id");
    for place in PLACES {
        assert!(
            !takes(place, &session, &server.client(), &admin).await,
            "the identifier of a session is no {place} token"
        );
    }
}
