//! Changing and removing users.

use serde_json::{Value, json};
use vestibule_testing::{Client, Engine, TestServer, on_each_database};

on_each_database!(
    a_user_is_changed_field_by_field,
    a_change_holds_only_at_the_version_it_was_meant_for,
    people_change_their_own_name_and_nothing_else,
    people_delete_themselves_with_their_password,
    identifiers_have_one_spelling,
    roles_of_a_user_are_replaced,
);

async fn with_ada(engine: Engine) -> (TestServer, Client, String) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let path = format!("/api/users/{}", server.user("ada@example.com", &["member"]).await);
    (server, admin, path)
}

async fn a_user_is_changed_field_by_field(engine: Engine) {
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
        let answer = admin.patch(&path).json(&change).send().await;
        assert_eq!(
            answer.header("etag"),
            Some(format!("\"{version}\"").as_str()),
            "{change}: {}",
            answer.text
        );
        for (name, value) in change.as_object().expect("an object") {
            expected[name] = value.clone();
        }
        expected["email_verified"] = json!(verified);
        let after = answer.json();
        expected["updated_at"] = after["updated_at"].clone();
        assert_eq!(after, expected);
        assert_eq!(
            admin.patch(&path).json(&change).send().await.json(),
            after,
            "again changes nothing"
        );
    }
    let taken = admin
        .patch(&path)
        .json(&json!({ "email": "ADMIN@example.com" }))
        .send()
        .await;
    assert_eq!(taken.problem(), (400, "email_taken".to_owned()));
    for (body, place, code) in [
        (json!({ "status": "gone" }), "/status", "not_allowed_value"),
        (json!({ "status": null }), "/status", "not_allowed_value"),
        (json!({ "email": null }), "/email", "invalid_type"),
        (json!({ "roles": ["admin"] }), "/roles", "unknown_field"),
        (json!({ "id": before["id"] }), "/id", "unknown_field"),
        (
            json!({ "password": "correct horse battery" }),
            "/password",
            "unknown_field",
        ),
    ] {
        let answer = admin.patch(&path).json(&body).send().await;
        assert_eq!(
            (answer.status, answer.blamed().0),
            (422, place.to_owned()),
            "{body}: {code}"
        );
    }
}

async fn a_change_holds_only_at_the_version_it_was_meant_for(engine: Engine) {
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

async fn people_change_their_own_name_and_nothing_else(engine: Engine) {
    let (server, _, path) = with_ada(engine).await;
    let ada = server.client().sign_in("ada@example.com").await;
    let changed = ada
        .patch("/api/users/me")
        .json(&json!({ "display_name": "Ada" }))
        .send()
        .await;
    assert_eq!((changed.status, changed.header("etag")), (200, Some("\"2\"")));
    assert_eq!(changed.json(), ada.get("/api/users/me").send().await.json());
    let stale = ada
        .patch("/api/users/me")
        .header("if-match", "\"1\"")
        .json(&json!({ "display_name": "A" }))
        .send();
    assert_eq!(stale.await.problem(), (412, "stale".to_owned()));
    for name in [
        "email",
        "status",
        "roles",
        "permissions",
        "email_verified",
        "password",
        "password_hash",
        "is_admin",
    ] {
        let answer = ada.patch("/api/users/me").json(&json!({ name: "x" })).send().await;
        assert_eq!(answer.blamed(), (format!("/{name}"), "unknown_field".to_owned()));
    }
    let own = ada.patch(&path).json(&json!({ "display_name": "B" })).send().await;
    assert_eq!(own.problem(), (403, "forbidden".to_owned()));
}

async fn people_delete_themselves_with_their_password(engine: Engine) {
    let (server, admin, path) = with_ada(engine).await;
    let ada = server.client().sign_in("ada@example.com").await;
    let delete = async |password: &str| {
        ada.post("/api/users/me/delete")
            .json(&json!({ "current_password": password }))
            .send()
            .await
    };
    assert_eq!(
        delete("wrong").await.blamed(),
        ("/current_password".to_owned(), "wrong_password".to_owned())
    );
    assert_eq!(delete("correct horse battery").await.status, 204);
    assert_eq!(
        admin.get(&path).send().await.problem(),
        (404, "user_not_found".to_owned())
    );
    assert_eq!(admin.get("/api/users?q=ada").send().await.json(), json!([]));
    assert_eq!(
        ada.get("/api/users/me").send().await.problem(),
        (404, "user_not_found".to_owned())
    );
    server.user("ada@example.com", &["member"]).await;
}

async fn identifiers_have_one_spelling(engine: Engine) {
    let (_server, admin, path) = with_ada(engine).await;
    let id = path.rsplit_once('/').expect("a path").1;
    for other in [
        id.to_uppercase(),
        id.replace('-', ""),
        format!("{{{id}}}"),
        "1".to_owned(),
        "%00".to_owned(),
    ] {
        let answer = admin.get(&format!("/api/users/{other}")).send().await;
        assert_eq!(answer.problem(), (422, "validation_failed".to_owned()), "{other}");
        assert_eq!(answer.blamed(), ("?user_id".to_owned(), "invalid_format".to_owned()));
    }
    let unknown = admin
        .get("/api/users/01933b1e-7c00-7000-8000-000000000000")
        .send()
        .await;
    assert_eq!(unknown.problem(), (404, "user_not_found".to_owned()));
    assert_eq!(unknown.json()["detail"], "User not found");
}

async fn roles_of_a_user_are_replaced(engine: Engine) {
    let (_server, admin, path) = with_ada(engine).await;
    let path = format!("{path}/roles");
    let put = async |roles: Value| admin.put(&path).json(&json!({ "roles": roles })).send().await;
    assert_eq!(
        put(json!(["member", "admin", "member"])).await.json()["roles"],
        json!(["admin", "member"])
    );
    let unknown = put(json!(["member", "none"])).await;
    assert_eq!(unknown.blamed(), ("/roles/1".to_owned(), "unknown".to_owned()));
    assert_eq!(
        put(json!(["member", "No"])).await.blamed(),
        ("/roles/1".to_owned(), "invalid_format".to_owned())
    );
    assert_eq!(put(json!([])).await.header("etag"), Some("\"3\""));
    assert_eq!(put(json!([])).await.header("etag"), Some("\"3\""));
}
