//! All errors of a request are reported at once.

use serde_json::{Value, json};
use vestibule_testing::{Engine, TestServer, on_each_database};

use crate::openapi::{body_schema, fill_path, json_body, operations};

on_each_database!(
    type_errors_are_reported_together,
    duplicate_members_are_rejected_at_any_depth,
    null_is_accepted_as_documented,
    query_and_cursor_errors_are_reported_together,
);

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let pair = |(location, code): &(&str, &str)| ((*location).to_owned(), (*code).to_owned());
    expected.iter().map(pair).collect()
}

async fn type_errors_are_reported_together(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let id = server.user("ada@example.com", &["member"]).await;
    let body = json!({ "display_name": 1, "email": [], "email_verified": "yes", "status": "gone", "version": 1 });
    let rejected = admin.patch(&format!("/api/users/{id}")).json(&body).send().await;
    assert_eq!(rejected.problem(), (422, "validation_failed".to_owned()));
    let expected = [
        ("/display_name", "invalid_type"),
        ("/email", "invalid_type"),
        ("/email_verified", "invalid_type"),
        ("/status", "not_allowed_value"),
        ("/version", "unknown_field"),
    ];
    assert_eq!(rejected.field_errors(), pairs(&expected));

    let body = json!({ "description": "", "permissions": ["users:read", 1, "users"] });
    let rejected = admin.post("/api/roles").json(&body).send().await;
    let expected = [
        ("/description", "too_short"),
        ("/permissions/1", "invalid_type"),
        ("/permissions/2", "invalid_format"),
        ("/name", "required"),
    ];
    assert_eq!(rejected.field_errors(), pairs(&expected));

    let body = json!({ "current_password": 1, "new_password": "short" });
    let rejected = admin.put("/api/users/me/password").json(&body).send().await;
    let expected = [("/current_password", "invalid_type"), ("/new_password", "too_short")];
    assert_eq!(rejected.field_errors(), pairs(&expected));

    let body = json!({ "email": "nope", "password": "short", "token": null });
    let rejected = server.client().post("/api/setup").json(&body).send().await;
    let expected = [
        ("/email", "invalid_format"),
        ("/token", "invalid_type"),
        ("/password", "too_short"),
    ];
    assert_eq!(rejected.field_errors(), pairs(&expected));

    let rejected = server.client().post("/api/users").json(&json!([])).send().await;
    assert_eq!(rejected.field_errors(), pairs(&[("", "invalid_type")]));
}

async fn duplicate_members_are_rejected_at_any_depth(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let body = br#"{"name":"Clerk","name":"clerk","x":{"y":[{"z":1,"z":2}]},"permissions":["\u0000"]}"#;
    let rejected = admin.post("/api/roles").body("application/json", body).send().await;
    assert_eq!(rejected.problem(), (422, "validation_failed".to_owned()));
    let expected = [
        ("/name", "invalid_format"),
        ("/x/y/0/z", "invalid_format"),
        ("/permissions/0", "invalid_format"),
        ("/x", "unknown_field"),
    ];
    assert_eq!(rejected.field_errors(), pairs(&expected));
}

/// Sends `null` for each member of each body, and compares the result with the schema.
async fn null_is_accepted_as_documented(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let user = server.user("ada@example.com", &["member"]).await;
    let clerk = json!({ "name": "clerk" });
    let role = admin.post("/api/roles").json(&clerk).send().await.json();
    let role = role["id"].as_str().expect("an id").to_owned();
    let (mut nullable, mut others) = (Vec::new(), 0);
    for (method, path, operation) in operations() {
        let Some((example, fields)) = body_schema(&operation) else {
            continue;
        };
        let schema = json_body(&operation).expect("a body");
        let target = fill_path(&path, &[("user_id", &user), ("role_id", &role)]);
        for name in fields {
            let mut body = example.clone();
            body[&name] = Value::Null;
            let method = method.to_uppercase().parse().expect("a method");
            let response = admin.request(method, &target).json(&body).send().await;
            let is_rejected =
                response.status == 422 && response.field_errors() == [(format!("/{name}"), "invalid_type".to_owned())];
            let Some(is_nullable) = is_nullable(&schema["properties"][&name]) else {
                continue;
            };
            if is_nullable {
                nullable.push(name.clone());
                assert!(!is_rejected, "{path} with null as {name}: {}", response.text);
            } else {
                others += 1;
                assert!(is_rejected, "{path} with null as {name}: {}", response.text);
            }
        }
    }
    assert!(nullable.len() >= 5, "{nullable:?}");
    assert!(others >= 25, "found only {others} members");
}

/// Returns whether a schema allows `null`, or `None` if it allows every value.
fn is_nullable(schema: &Value) -> Option<bool> {
    let null = json!("null");
    let types = schema["type"].as_array().cloned().unwrap_or_default();
    let variants = schema["oneOf"].as_array().cloned().unwrap_or_default();
    let has_type = ["type", "$ref", "oneOf"]
        .iter()
        .any(|keyword| schema.get(keyword).is_some());
    has_type.then(|| types.contains(&null) || variants.iter().any(|variant| variant["type"] == null))
}

async fn query_and_cursor_errors_are_reported_together(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let query = "limit=0&sort=name&status=&role=Admin&cursor=x&page=2&q=a&q=b";
    let rejected = admin.get(&format!("/api/users?{query}")).send().await;
    assert_eq!(rejected.problem(), (422, "validation_failed".to_owned()));
    let expected = [
        ("?status", "too_short"),
        ("?q", "invalid_format"),
        ("?limit", "out_of_range"),
        ("?cursor", "invalid_format"),
        ("?page", "unknown_field"),
        ("?role", "invalid_format"),
        ("?sort", "not_allowed_value"),
    ];
    assert_eq!(rejected.field_errors(), pairs(&expected));

    let query = "actor=1&action=x&target=2&from=3&to=4&limit=ten&cursor=x";
    let rejected = admin.get(&format!("/api/audit-events?{query}")).send().await;
    let expected = [
        ("?limit", "invalid_type"),
        ("?cursor", "invalid_format"),
        ("?action", "not_allowed_value"),
        ("?actor", "invalid_format"),
        ("?from", "invalid_format"),
        ("?target", "invalid_format"),
        ("?to", "invalid_format"),
    ];
    assert_eq!(rejected.field_errors(), pairs(&expected));
    let rejected = admin.get("/api/users/me?x=1&y=2").send().await;
    let expected = [("?x", "unknown_field"), ("?y", "unknown_field")];
    assert_eq!(rejected.field_errors(), pairs(&expected));

    // The order of the parameters does not matter.
    server.user("ada@example.com", &["member"]).await;
    let first = admin.get("/api/users?limit=1&status=active&sort=email").send().await;
    let next = first.next_page().expect("a second page");
    let (_, cursor) = next.split_once("cursor=").expect("a cursor");
    let path = format!("/api/users?sort=email&cursor={cursor}&status=active&limit=7");
    let second = admin.get(&path).send().await;
    assert_eq!(second.json()[0]["email"], "admin@example.com");
}
