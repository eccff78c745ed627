//! The first administrator.

use futures_util::future::join_all;
use serde_json::json;
use vestibule_api::setup_path;
use vestibule_domain::{setup, users};
use vestibule_testing::{Answer, Engine, TestServer, on_each_database};

on_each_database!(
    the_link_makes_the_first_administrator_once,
    of_several_at_once_one_becomes_administrator,
    a_wrong_token_or_a_taken_address_leaves_setup_open,
    an_administrator_made_in_another_way_ends_setup,
    an_administrator_by_assignment_ends_setup_too,
    the_settings_are_told_to_anyone,
);

/// The token that the server prints at its start.
async fn token(server: &TestServer) -> Option<String> {
    let token = setup::token(&server.app).await.expect("read")?;
    Some(setup_path(&token).replace("/setup#token=", ""))
}

async fn set_up(server: &TestServer, token: &str, email: &str) -> Answer {
    let body = json!({ "token": token, "email": email, "password": "correct horse battery" });
    server.client().post("/api/setup").json(&body).send().await
}

async fn is_required(server: &TestServer) -> bool {
    let settings = server.client().get("/api/settings").send().await.json();
    settings["setup_required"].as_bool().expect("a boolean")
}

async fn the_link_makes_the_first_administrator_once(engine: Engine) {
    let server = TestServer::start(engine).await;
    assert!(is_required(&server).await);
    let text = token(&server).await.expect("setup is open");
    assert_eq!(token(&server.another()).await.as_deref(), Some(text.as_str()));
    let made = set_up(&server, &text, "ada@example.com").await;
    assert_eq!(made.status, 201, "{}", made.text);
    let user = made.json();
    assert_eq!(user["roles"], json!(["admin", "member"]));
    assert_eq!(
        (&user["email_verified"], &user["status"]),
        (&json!(true), &json!("active"))
    );
    let path = format!("/api/users/{}", user["id"].as_str().expect("an id"));
    assert_eq!(made.header("location"), Some(path.as_str()));

    let admin = server.client().sign_in("ada@example.com").await;
    assert_eq!(admin.get("/api/users").send().await.status, 200);
    assert!(!is_required(&server).await);
    assert_eq!(token(&server).await, None);
    let again = set_up(&server, &text, "eve@example.com").await;
    assert_eq!(again.problem(), (410, "gone".to_owned()));
}

async fn of_several_at_once_one_becomes_administrator(engine: Engine) {
    for same_address in [true, false] {
        let server = TestServer::start(engine).await;
        let other = server.another();
        let text = token(&server).await.expect("setup is open");
        let tries = (0..8).map(|n| {
            let email = if same_address {
                "ada@example.com".to_owned()
            } else {
                format!("ada{n}@example.com")
            };
            let (server, text) = (if n % 2 == 0 { &server } else { &other }, &text);
            async move { set_up(server, text, &email).await.status }
        });
        let mut statuses = join_all(tries).await;
        statuses.sort_unstable();
        assert_eq!(statuses[0], 201);
        assert!(statuses[1..].iter().all(|status| *status == 410), "{statuses:?}");
    }
}

async fn a_wrong_token_or_a_taken_address_leaves_setup_open(engine: Engine) {
    let server = TestServer::start(engine).await;
    let text = token(&server).await.expect("setup is open");
    server.user("eve@example.com", &["member"]).await;
    let flipped = if text.starts_with('A') {
        text.replacen('A', "B", 1)
    } else {
        format!("A{}", &text[1..])
    };
    for wrong in ["", "x", flipped.as_str(), &format!("{text}="), &text[1..]] {
        let answer = set_up(&server, wrong, "ada@example.com").await;
        assert_eq!(answer.problem(), (400, "invalid_token".to_owned()), "{wrong}");
    }
    let taken = set_up(&server, &text, "Eve@example.com").await;
    assert_eq!(taken.problem(), (400, "email_taken".to_owned()));
    assert_eq!(taken.blamed(), ("/email".to_owned(), "taken".to_owned()));
    let weak = json!({ "token": text, "email": "ada", "password": "password" });
    let weak = server.client().post("/api/setup").json(&weak).send().await;
    assert_eq!(weak.problem(), (422, "validation_failed".to_owned()));
    assert_eq!(weak.json()["errors"].as_array().map(Vec::len), Some(2));
    assert_eq!(set_up(&server, &text, "ada@example.com").await.status, 201);
    let eve = server.client().sign_in("eve@example.com").await;
    assert_eq!(eve.get("/api/users/me").send().await.json()["roles"], json!(["member"]));
}

async fn an_administrator_made_in_another_way_ends_setup(engine: Engine) {
    let server = TestServer::start(engine).await;
    let text = token(&server).await.expect("setup is open");
    server.user("ada@example.com", &["admin"]).await;
    assert_eq!(
        set_up(&server, &text, "eve@example.com").await.problem(),
        (410, "gone".to_owned())
    );
}

async fn an_administrator_by_assignment_ends_setup_too(engine: Engine) {
    use vestibule_domain::{Actor, IfMatch};

    let server = TestServer::start(engine).await;
    let text = token(&server).await.expect("setup is open");
    let ada = server
        .user("ada@example.com", &["member"])
        .await
        .parse()
        .expect("an id");
    let admin = ["admin".parse().expect("a name")];
    users::set_roles(&server.app, &Actor::operator(), ada, &admin, IfMatch::default())
        .await
        .expect("given");
    assert_eq!(set_up(&server, &text, "eve@example.com").await.status, 410);
}

async fn the_settings_are_told_to_anyone(engine: Engine) {
    let server = TestServer::start(engine).await;
    let settings = server
        .client()
        .bearing("stale")
        .get("/api/settings")
        .send()
        .await
        .json();
    let expected = json!({
        "setup_required": true, "sign_up": "open", "require_verified_email": false,
        "password": { "min_length": 8, "max_length": 128 }, "mail": true
    });
    assert_eq!(settings, expected);
}
