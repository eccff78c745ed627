//! Setup, which creates the first administrator.

use futures_util::future::join_all;
use serde_json::json;
use vestibule_api::setup_path;
use vestibule_domain::{setup, users};
use vestibule_testing::{Engine, Response, TestServer, on_each_database};

use crate::{
    authorization_matrix::Row,
    support::{PASSWORD, current_user},
};

on_each_database!(
    setup_creates_the_first_admin_once,
    concurrent_setups_create_one_admin,
    failed_setup_leaves_setup_open,
    creating_an_admin_closes_setup,
    assigning_the_admin_role_closes_setup,
);

/// Returns the rows of the authorization matrix.
pub(crate) fn authorization() -> Vec<Row> {
    vec![
        Row::everyone("completeSetup", 410)
            .json(|_| json!({ "token": "x", "email": "new@example.com", "password": PASSWORD })),
    ]
}

/// Returns the token that the server prints at start, or `None` if setup is closed.
async fn token(server: &TestServer) -> Option<String> {
    let token = setup::token(&server.app).await.expect("read")?;
    Some(setup_path(&token).replace("/setup#token=", ""))
}

async fn complete_setup(server: &TestServer, token: &str, email: &str) -> Response {
    let body = json!({ "token": token, "email": email, "password": PASSWORD });
    server.client().post("/api/setup").json(&body).send().await
}

async fn is_setup_required(server: &TestServer) -> bool {
    let settings = server.client().get("/api/settings").send().await.json();
    settings["setup_required"].as_bool().expect("a boolean")
}

async fn setup_creates_the_first_admin_once(engine: Engine) {
    let server = TestServer::start(engine).await;
    assert!(is_setup_required(&server).await);
    let text = token(&server).await.expect("setup is open");
    assert_eq!(token(&server.another_instance()).await.as_deref(), Some(text.as_str()));
    let created = complete_setup(&server, &text, "ada@example.com").await;
    assert_eq!(created.status, 201, "{}", created.text);
    let user = created.json();
    assert_eq!(user["roles"], json!(["admin", "member"]));
    assert_eq!(
        (&user["email_verified"], &user["status"]),
        (&json!(true), &json!("active"))
    );
    let path = format!("/api/users/{}", user["id"].as_str().expect("an id"));
    assert_eq!(created.header("location"), Some(path.as_str()));

    let admin = server.client().sign_in("ada@example.com").await;
    assert_eq!(admin.get("/api/users").send().await.status, 200);
    assert!(!is_setup_required(&server).await);
    assert_eq!(token(&server).await, None);
    let repeated = complete_setup(&server, &text, "eve@example.com").await;
    assert_eq!(repeated.problem(), (410, "gone".to_owned()));
}

async fn concurrent_setups_create_one_admin(engine: Engine) {
    for same_email in [true, false] {
        let server = TestServer::start(engine).await;
        let other = server.another_instance();
        let text = token(&server).await.expect("setup is open");
        let requests = (0..8).map(|n| {
            let email = if same_email {
                "ada@example.com".to_owned()
            } else {
                format!("ada{n}@example.com")
            };
            let (server, text) = (if n % 2 == 0 { &server } else { &other }, &text);
            async move { complete_setup(server, text, &email).await.status }
        });
        let mut statuses = join_all(requests).await;
        statuses.sort_unstable();
        assert_eq!(statuses[0], 201);
        assert!(statuses[1..].iter().all(|status| *status == 410), "{statuses:?}");
    }
}

async fn failed_setup_leaves_setup_open(engine: Engine) {
    let server = TestServer::start(engine).await;
    let text = token(&server).await.expect("setup is open");
    server.user("eve@example.com", &["member"]).await;
    let flipped = if text.starts_with('A') {
        text.replacen('A', "B", 1)
    } else {
        format!("A{}", &text[1..])
    };
    for wrong in ["", "x", flipped.as_str(), &format!("{text}="), &text[1..]] {
        let response = complete_setup(&server, wrong, "ada@example.com").await;
        assert_eq!(response.problem(), (400, "invalid_token".to_owned()), "{wrong}");
    }
    let taken = complete_setup(&server, &text, "Eve@example.com").await;
    assert_eq!(taken.problem(), (400, "email_taken".to_owned()));
    assert_eq!(taken.field_error(), ("/email".to_owned(), "taken".to_owned()));
    let weak = json!({ "token": text, "email": "ada", "password": "password" });
    let weak = server.client().post("/api/setup").json(&weak).send().await;
    assert_eq!(weak.problem(), (422, "validation_failed".to_owned()));
    assert_eq!(weak.json()["errors"].as_array().map(Vec::len), Some(2));
    assert_eq!(complete_setup(&server, &text, "ada@example.com").await.status, 201);
    let eve = server.client().sign_in("eve@example.com").await;
    assert_eq!(current_user(&eve).await["roles"], json!(["member"]));
}

async fn creating_an_admin_closes_setup(engine: Engine) {
    let server = TestServer::start(engine).await;
    let text = token(&server).await.expect("setup is open");
    server.user("ada@example.com", &["admin"]).await;
    assert_eq!(
        complete_setup(&server, &text, "eve@example.com").await.problem(),
        (410, "gone".to_owned())
    );
}

async fn assigning_the_admin_role_closes_setup(engine: Engine) {
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
        .expect("assigned");
    assert_eq!(complete_setup(&server, &text, "eve@example.com").await.status, 410);
}
