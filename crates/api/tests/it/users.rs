//! Getting, updating and deleting users.

use serde_json::json;
use vestibule_testing::{Client, Engine, TestServer, on_each_database};

use crate::{
    authorization_matrix::Row,
    bulk_rows::{add_events, add_sessions},
    support::{PASSWORD, UNKNOWN_ID},
};

on_each_database!(
    update_user_changes_only_the_given_fields,
    change_with_a_stale_version_is_rejected,
    user_id_has_one_spelling,
    deleted_user_with_much_history_leaves_no_trace,
);

/// Returns the rows of the authorization matrix.
pub(crate) fn authorization() -> Vec<Row> {
    vec![
        Row::everyone("createUser", 201)
            .json(|n| json!({ "email": format!("new{n}@example.com"), "password": PASSWORD })),
        Row::manager("listUsers", 200),
        Row::new("getUser", [401, 200, 200, 200, 401, 403]),
        Row::manager("updateUser", 200).json(|_| json!({ "display_name": "New" })),
        Row::administrator("deleteUser", 204),
    ]
}

/// Starts a server with an administrator and a member; returns the path of the member.
async fn with_ada(engine: Engine) -> (TestServer, Client, String) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let path = format!("/api/users/{}", server.user("ada@example.com", &["member"]).await);
    (server, admin, path)
}

async fn update_user_changes_only_the_given_fields(engine: Engine) {
    let (_server, admin, path) = with_ada(engine).await;
    let before = admin.get(&path).send().await.json();
    let mut expected = before.clone();
    for (version, change, verified) in [
        (2, json!({ "display_name": "Ada Lovelace" }), false),
        (3, json!({ "email_verified": true }), true),
        (4, json!({ "email": "Ada@Example.com" }), true),
        (5, json!({ "email": "countess@example.com" }), false),
        (
            6,
            json!({ "email": "ada@example.com", "email_verified": true, "display_name": null }),
            true,
        ),
        (7, json!({ "status": "disabled" }), true),
        (8, json!({ "status": "active" }), true),
    ] {
        let response = admin.patch(&path).json(&change).send().await;
        assert_eq!(
            response.header("etag"),
            Some(format!("\"{version}\"").as_str()),
            "{change}: {}",
            response.text
        );
        for (name, value) in change.as_object().expect("an object") {
            expected[name] = value.clone();
        }
        expected["email_verified"] = json!(verified);
        let after = response.json();
        expected["updated_at"] = after["updated_at"].clone();
        assert_eq!(after, expected);
        assert_eq!(
            admin.patch(&path).json(&change).send().await.json(),
            after,
            "repeating the change has no effect"
        );
    }
    let taken = admin
        .patch(&path)
        .json(&json!({ "email": "ADMIN@example.com" }))
        .send()
        .await;
    assert_eq!(taken.problem(), (400, "email_taken".to_owned()));
    for (body, pointer, code) in [
        (json!({ "status": "gone" }), "/status", "not_allowed_value"),
        (json!({ "status": null }), "/status", "not_allowed_value"),
        (json!({ "email": null }), "/email", "invalid_type"),
        (json!({ "roles": ["admin"] }), "/roles", "unknown_field"),
        (json!({ "id": before["id"] }), "/id", "unknown_field"),
        (json!({ "password": PASSWORD }), "/password", "unknown_field"),
    ] {
        let response = admin.patch(&path).json(&body).send().await;
        assert_eq!(
            (response.status, response.field_error().0),
            (422, pointer.to_owned()),
            "{body}: {code}"
        );
    }
}

async fn change_with_a_stale_version_is_rejected(engine: Engine) {
    let (_server, admin, path) = with_ada(engine).await;
    let patch = async |tag: &str, name: &str| {
        admin
            .patch(&path)
            .header("if-match", tag)
            .json(&json!({ "display_name": name }))
            .send()
            .await
    };
    assert_eq!(patch("\"1\"", "One").await.status, 200);
    assert_eq!(patch("\"1\"", "Two").await.problem(), (412, "stale".to_owned()));
    let roles = admin
        .put(&format!("{path}/roles"))
        .header("if-match", "\"1\"")
        .json(&json!({ "roles": [] }))
        .send();
    assert_eq!(roles.await.problem(), (412, "stale".to_owned()));
    let delete = admin.delete(&path).header("if-match", "\"1\"").send().await;
    assert_eq!(delete.problem(), (412, "stale".to_owned()));
    assert_eq!(admin.delete(&path).header("if-match", "\"2\"").send().await.status, 204);
    assert_eq!(
        patch("\"2\"", "Three").await.problem(),
        (404, "user_not_found".to_owned())
    );
}

async fn user_id_has_one_spelling(engine: Engine) {
    let (_server, admin, path) = with_ada(engine).await;
    let id = path.rsplit_once('/').expect("a path").1;
    for spelling in [
        id.to_uppercase(),
        id.replace('-', ""),
        format!("{{{id}}}"),
        "1".to_owned(),
        "%00".to_owned(),
    ] {
        let response = admin.get(&format!("/api/users/{spelling}")).send().await;
        assert_eq!(response.problem(), (422, "validation_failed".to_owned()), "{spelling}");
        assert_eq!(
            response.field_error(),
            ("?user_id".to_owned(), "invalid_format".to_owned())
        );
    }
    let unknown = admin.get(&format!("/api/users/{UNKNOWN_ID}")).send().await;
    assert_eq!(unknown.problem(), (404, "user_not_found".to_owned()));
    assert_eq!(unknown.json()["detail"], "User not found");
}

async fn deleted_user_with_much_history_leaves_no_trace(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let user = server.user("ada@example.com", &["member"]).await;
    add_sessions(&server, engine, "ada@example.com", 1_200).await;
    add_events(&server, engine, "ada@example.com", 2_600).await;
    let ada = server.client().sign_in("ada@example.com").await;
    assert_eq!(
        root.delete(&format!("/api/users/{user}"))
            .header("if-match", "\"7\"")
            .send()
            .await
            .status,
        412
    );
    let unchanged = server
        .execute("UPDATE audit_events SET count = 1 WHERE user_agent = 'added'")
        .await;
    assert_eq!(unchanged, 2_600, "a rejected deletion clears nothing");
    assert_eq!(root.delete(&format!("/api/users/{user}")).send().await.status, 204);
    assert_eq!(
        ada.get("/api/users/me").send().await.problem(),
        (404, "user_not_found".to_owned())
    );
    for trace in [
        "UPDATE sessions SET generation = 0 WHERE user_agent = 'added' OR ip_address = '192.0.2.7'",
        "UPDATE sessions SET generation = 0 WHERE revoked_at IS NULL AND user_id IS NULL AND ip_address IS NOT NULL",
        "UPDATE audit_events SET count = 1 WHERE user_agent = 'added' OR ip_address = '192.0.2.8'",
    ] {
        assert_eq!(server.execute(trace).await, 0, "{trace}");
    }
    let events = root.get(&format!("/api/audit-events?target={user}")).send().await;
    assert_eq!(events.header("x-total-count"), Some("2603"), "the events remain");
}
