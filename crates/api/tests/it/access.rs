//! The roles that grant a user a permission, and the reasons why a user cannot sign in.

use serde_json::{Value, json};
use vestibule_testing::{Engine, TestServer, on_each_database};

use crate::{
    authorization_matrix::Row,
    support::{UNKNOWN_ID, current_user_id, login},
};

on_each_database!(
    access_lists_roles_granting_a_permission,
    access_lists_reasons_blocking_sign_in
);

/// Returns the rows of the authorization matrix.
pub(crate) fn authorization() -> Vec<Row> {
    vec![Row::new("getUserAccess", [401, 200, 200, 200, 401, 403])]
}

async fn access_lists_roles_granting_a_permission(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    for (name, permission) in [
        ("clerk", "orders:read"),
        ("seller", "orders:read"),
        ("reader", "users:read"),
    ] {
        server.role(name, &json!([permission])).await;
    }
    let ada = server.user("ada@example.com", &["member", "seller", "clerk"]).await;
    let explain = async |permission: &str| {
        let response = root.get(&format!("/api/users/{ada}/access{permission}")).send().await;
        assert_eq!(response.status, 200, "{}", response.text);
        response.json()
    };
    let can_sign_in = json!({ "allowed": true, "reasons": [] });
    assert_eq!(
        explain("?permission=orders:read").await,
        json!({
            "permission": "orders:read", "granted": true, "roles": ["clerk", "seller"], "sign_in": can_sign_in,
            "second_factor_enrolment_required": false
        })
    );
    assert_eq!(
        explain("?permission=users:read").await,
        json!({
            "permission": "users:read", "granted": false, "roles": [], "sign_in": can_sign_in,
            "second_factor_enrolment_required": false
        })
    );
    assert_eq!(explain("").await["permission"], Value::Null);
    let me = format!(
        "/api/users/{}/access?permission=orders:eat",
        current_user_id(&root).await
    );
    assert_eq!(root.get(&me).send().await.json()["roles"], json!(["admin"]));

    for (query, parameter) in [
        ("permission=Orders", "?permission"),
        ("permission=", "?permission"),
        ("x=1", "?x"),
    ] {
        let response = root.get(&format!("/api/users/{ada}/access?{query}")).send().await;
        assert_eq!(response.problem(), (422, "validation_failed".to_owned()), "{query}");
        assert_eq!(response.field_error().0, parameter);
    }
    let response = root.get(&format!("/api/users/{UNKNOWN_ID}/access")).send().await;
    assert_eq!(response.problem(), (404, "user_not_found".to_owned()));
}

async fn access_lists_reasons_blocking_sign_in(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let path = format!("/api/users/{}", server.user("ada@example.com", &["member"]).await);
    let sign_in = async || root.get(&format!("{path}/access")).send().await.json()["sign_in"].clone();
    assert_eq!(sign_in().await, json!({ "allowed": true, "reasons": [] }));
    for _ in 0..10 {
        let rejected = login(&server.client(), "ada@example.com", "wrong").await;
        assert_eq!(rejected.status, 401);
    }
    assert_eq!(
        root.patch(&path)
            .json(&json!({ "status": "disabled" }))
            .send()
            .await
            .status,
        200
    );
    let blocked = sign_in().await;
    assert_eq!(
        (&blocked["allowed"], blocked["reasons"].as_array().map(Vec::len)),
        (&json!(false), Some(2))
    );
    assert_eq!(blocked["reasons"][0], json!({ "code": "disabled", "until": null }));
    assert_eq!(blocked["reasons"][1]["code"], "too_many_attempts");
    assert!(
        blocked["reasons"][1]["until"]
            .as_str()
            .is_some_and(|until| until.ends_with('Z'))
    );
}
