//! Bodies with fields that the operation does not accept.

use serde_json::{Value, json};
use vestibule_testing::{Engine, TestServer, on_each_database};

use crate::openapi::{body_schema, fill_path, operations};

on_each_database!(unknown_body_fields_are_rejected);

/// The columns of all tables, and field names known from attacks on other applications.
const NAMES: [&str; 36] = [
    "id",
    "email",
    "normalized_email",
    "display_name",
    "status",
    "email_verified",
    "version",
    "created_at",
    "updated_at",
    "last_sign_in_at",
    "password",
    "password_hash",
    "changed_at",
    "user_id",
    "role_id",
    "role",
    "roles",
    "permission",
    "permissions",
    "name",
    "description",
    "built_in",
    "secret",
    "generation",
    "rotated_at",
    "last_used_at",
    "expires_at",
    "revoked_at",
    "user_agent",
    "ip_address",
    "setup_closed_at",
    "key_fingerprint",
    "is_admin",
    "admin",
    "__proto__",
    "constructor",
];

async fn unknown_body_fields_are_rejected(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let user = server.user("ada@example.com", &["member"]).await;
    let clerk = json!({ "name": "clerk" });
    let role = admin.post("/api/roles").json(&clerk).send().await.json();
    let role = role["id"].as_str().expect("an id").to_owned();
    let mut bodies = 0;
    for (method, path, operation) in operations() {
        let Some((example, fields)) = body_schema(&operation) else {
            continue;
        };
        bodies += 1;
        let target = fill_path(&path, &[("user_id", &user), ("role_id", &role)]);
        for name in NAMES.iter().filter(|name| !fields.contains(**name)) {
            for value in [Value::Null, json!(true), json!("admin")] {
                let mut body = example.clone();
                body[*name] = value;
                let method = method.to_uppercase().parse().expect("a method");
                let response = admin.request(method, &target).json(&body).send().await;
                assert_eq!(
                    response.problem(),
                    (422, "validation_failed".to_owned()),
                    "{path} with {name}: {}",
                    response.text
                );
                assert_eq!(
                    response.field_error(),
                    (format!("/{name}"), "unknown_field".to_owned()),
                    "{path}"
                );
            }
        }
    }
    assert!(bodies >= 18, "found only {bodies} bodies");
    let ada = admin.get(&format!("/api/users/{user}")).send().await.json();
    assert_eq!((&ada["roles"], &ada["status"]), (&json!(["member"]), &json!("active")));
}
