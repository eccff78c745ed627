//! Each kind of token is good for one thing.

use serde_json::json;
use vestibule_api::setup_path;
use vestibule_domain::installation;
use vestibule_testing::{Client, Engine, TestServer, on_each_database};

on_each_database!(a_token_is_good_in_its_own_place_only);

/// Places that take a token, by the kind that is right there.
const PLACES: [&str; 4] = ["access", "refresh", "setup", "cursor"];

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
            let body = json!({ "token": token, "email": "first@example.com", "password": "correct horse battery" });
            client.post("/api/setup").json(&body).send().await
        }
        "cursor" => admin.get(&format!("/api/users?limit=1&cursor={token}")).send().await,
        other => panic!("no such place: {other}"),
    };
    answer.status < 300
}

async fn a_token_is_good_in_its_own_place_only(engine: Engine) {
    let server = TestServer::start(engine).await;
    let setup = installation::setup_token(&server.app)
        .await
        .expect("read")
        .expect("open");
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
    let tokens = [
        ("access", text("access_token")),
        ("refresh", text("refresh_token")),
        ("cursor", cursor),
        // Last, because it closes setup.
        ("setup", setup),
    ];
    for (kind, token) in &tokens {
        for place in PLACES {
            let taken = takes(place, token, &server.client(), &admin).await;
            assert_eq!(taken, *kind == place, "a {kind} token where {place} belongs");
        }
    }
    let session = text("session_id");
    for place in PLACES {
        assert!(
            !takes(place, &session, &server.client(), &admin).await,
            "the identifier of a session is no {place} token"
        );
    }
}
