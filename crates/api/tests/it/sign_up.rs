//! Creating an account.

use futures_util::future::join_all;
use serde_json::{Value, json};
use vestibule_domain::{Policy, SignUpPolicy};
use vestibule_testing::{Client, Engine, Response, TestServer, on_each_database};

use crate::support::PASSWORD;

on_each_database!(
    sign_up_creates_a_member,
    sign_up_reports_all_field_errors,
    sign_up_enforces_the_minimum_password_score,
    concurrent_sign_ups_with_one_email_succeed_once,
    closed_sign_up_is_open_to_users_with_permission,
    sign_up_with_roles_requires_permission,
    sign_up_ignores_a_stale_token,
);

async fn sign_up_with_password(client: &Client, email: &str, password: &str) -> Response {
    client
        .post("/api/users")
        .json(&json!({ "email": email, "password": password }))
        .send()
        .await
}

async fn sign_up_creates_a_member(engine: Engine) {
    let server = TestServer::start(engine).await;
    let body = json!({ "email": " Ada@Example.com ", "password": PASSWORD, "display_name": " Ada " });
    let response = server.client().post("/api/users").json(&body).send().await;
    assert_eq!(response.status, 201, "{}", response.text);
    let user = response.json();
    assert_eq!(user["email"], "Ada@Example.com");
    assert_eq!(user["display_name"], "Ada");
    assert_eq!(
        (&user["status"], &user["email_verified"]),
        (&json!("active"), &json!(false))
    );
    assert_eq!(user["roles"], json!(["member"]));
    let created = user["created_at"].as_str().expect("a time");
    assert!(created.len() == 27 && created.ends_with('Z'), "{created}");
    let path = format!("/api/users/{}", user["id"].as_str().expect("an id"));
    assert_eq!(response.header("location"), Some(path.as_str()));
    assert_eq!(response.header("etag"), Some("\"1\""));
    assert_eq!(response.header("cache-control"), Some("no-store"));

    let ada = server.client().sign_in("ada@example.com").await;
    assert_eq!(ada.get(&path).send().await.json(), user);
}

async fn sign_up_reports_all_field_errors(engine: Engine) {
    let server = TestServer::start(engine).await;
    let body = json!({ "email": "ada", "password": "short", "display_name": "", "roles": null, "id": 1 });
    let response = server.client().post("/api/users").json(&body).send().await;
    assert_eq!(response.problem(), (422, "validation_failed".to_owned()));
    let expected = [
        ("/display_name", "too_short"),
        ("/email", "invalid_format"),
        ("/id", "unknown_field"),
        ("/roles", "invalid_type"),
        ("/password", "too_short"),
    ];
    assert_eq!(
        response.field_errors(),
        expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned()))
    );
    let body = r#"{"email":"a@example.com","email":"b@example.com","password":"short","display_name":""}"#;
    let response = server
        .client()
        .post("/api/users")
        .body("application/json", body)
        .send()
        .await;
    response.assert_invalid(&[
        ("/display_name", "too_short"),
        ("/email", "invalid_format"),
        ("/password", "too_short"),
    ]);
    let body = json!({ "email": 1, "roles": ["Admin", 2, "member"] });
    let response = server.client().post("/api/users").json(&body).send().await;
    let expected = [
        ("/email", "invalid_type"),
        ("/roles/0", "invalid_format"),
        ("/roles/1", "invalid_type"),
        ("/password", "required"),
    ];
    assert_eq!(
        response.field_errors(),
        expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned()))
    );

    for (password, code) in [
        ("a".repeat(5000), "too_long"),
        ("Password123".to_owned(), "common_password"),
        ("grace@EXAMPLE.com".to_owned(), "common_password"),
        ("vestibule".to_owned(), "common_password"),
    ] {
        let response = sign_up_with_password(&server.client(), "grace@example.com", &password).await;
        assert_eq!(
            response.field_error(),
            ("/password".to_owned(), code.to_owned()),
            "{password}"
        );
    }
}

async fn sign_up_enforces_the_minimum_password_score(engine: Engine) {
    let policy = Policy {
        password_min_score: 3,
        ..Policy::default()
    };
    let server = TestServer::with_policy(engine, policy).await;
    let client = server.client();
    for password in ["abcdefghijkl", "Summer2026"] {
        let rejected = sign_up_with_password(&client, "lovelace.ada@example.com", password).await;
        let expected = ("/password".to_owned(), "common_password".to_owned());
        assert_eq!(rejected.field_error(), expected, "{password}: {}", rejected.text);
        let detail = rejected.json()["errors"][0]["detail"]
            .as_str()
            .expect("a sentence")
            .to_owned();
        assert!(
            detail.starts_with("Is too easy to guess: ") && detail.len() > 35,
            "{detail}"
        );
    }
    let created = sign_up_with_password(&client, "lovelace.ada@example.com", PASSWORD).await;
    assert_eq!(created.status, 201);
    let ada = client.sign_in("lovelace.ada@example.com").await;
    let change = json!({ "current_password": PASSWORD, "new_password": "Summer2026" });
    let rejected = ada.put("/api/users/me/password").json(&change).send().await;
    assert_eq!(rejected.field_error().0, "/new_password");
}

async fn concurrent_sign_ups_with_one_email_succeed_once(engine: Engine) {
    let server = TestServer::start(engine).await;
    let client = server.client();
    let spellings = [
        "ada@example.com",
        "Ada@example.com",
        "ADA@EXAMPLE.COM",
        "aDA@exaMPle.com",
    ];
    let requests = (0..64).map(|n| sign_up_with_password(&client, spellings[n % 4], PASSWORD));
    let mut statuses: Vec<u16> = join_all(requests)
        .await
        .iter()
        .map(|response| response.status)
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![201], vec![400; 63]].concat());
    assert_eq!(server.deliver_emails().await.len(), 1);
}

async fn closed_sign_up_is_open_to_users_with_permission(engine: Engine) {
    let policy = Policy {
        sign_up: SignUpPolicy::Closed,
        ..Policy::default()
    };
    let server = TestServer::with_policy(engine, policy).await;
    let member = server.signed_in("member@example.com", &["member"]).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let anonymous = server.client();

    let rejected = sign_up_with_password(&anonymous, "ada@example.com", PASSWORD).await;
    assert_eq!(rejected.problem(), (403, "sign_up_closed".to_owned()));
    let malformed = anonymous.post("/api/users").body("text/plain", "nonsense").send().await;
    assert_eq!(malformed.problem(), (403, "sign_up_closed".to_owned()));
    let rejected = sign_up_with_password(&anonymous.with_access_token("nonsense"), "ada@example.com", PASSWORD).await;
    assert_eq!(rejected.problem(), (401, "unauthenticated".to_owned()));
    let rejected = sign_up_with_password(&member, "ada@example.com", PASSWORD).await;
    assert_eq!(rejected.problem(), (403, "forbidden".to_owned()));
    assert_eq!(rejected.json()["permission"], "users:create");
    assert_eq!(
        sign_up_with_password(&admin, "ada@example.com", PASSWORD).await.status,
        201
    );
}

async fn sign_up_with_roles_requires_permission(engine: Engine) {
    let server = TestServer::start(engine).await;
    let member = server.signed_in("member@example.com", &["member"]).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let body = |roles: Value| json!({ "email": "new@example.com", "password": PASSWORD, "roles": roles });

    let create = async |client: &Client, roles: Value| client.post("/api/users").json(&body(roles)).send().await;
    assert_eq!(
        create(&server.client(), json!(["member"])).await.problem(),
        (401, "unauthenticated".to_owned())
    );
    assert_eq!(
        create(&member, json!([])).await.problem(),
        (403, "forbidden".to_owned())
    );
    let unknown = create(&admin, json!(["member", "unknown"])).await;
    assert_eq!(unknown.field_error(), ("/roles/1".to_owned(), "unknown".to_owned()));
    let created = create(&admin, json!(["member", "admin", "member"])).await;
    assert_eq!(created.json()["roles"], json!(["admin", "member"]));
}

async fn sign_up_ignores_a_stale_token(engine: Engine) {
    let server = TestServer::start(engine).await;
    let client = server.client().with_access_token("nonsense");
    assert_eq!(
        sign_up_with_password(&client, "ada@example.com", PASSWORD).await.status,
        201
    );
    assert_eq!(
        client
            .sign_in("ada@example.com")
            .await
            .get("/api/users/me")
            .send()
            .await
            .status,
        200
    );
}
