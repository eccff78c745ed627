//! Roles that require a second factor.

use serde_json::json;
use vestibule_testing::{Client, Engine, TestServer, on_each_database};

use crate::{
    factors::{enable_totp, own_factors},
    support::{current_user, current_user_id, post},
};

on_each_database!(
    permissions_are_withheld_until_a_factor_is_set_up,
    admin_can_require_a_factor_of_administrators_with_one,
    other_roles_of_a_user_stay_in_force,
    access_explains_the_missing_factor,
);

async fn role_id(admin: &Client, name: &str) -> String {
    let roles = admin.get("/api/roles?limit=200").send().await.json();
    let role = roles
        .as_array()
        .expect("a list")
        .iter()
        .find(|role| role["name"] == name);
    role.expect("a role")["id"].as_str().expect("an id").to_owned()
}

async fn permissions_are_withheld_until_a_factor_is_set_up(engine: Engine) {
    let (server, admin) = TestServer::with_admin(engine).await;
    let new = json!({ "name": "support", "permissions": ["users:read"], "requires_second_factor": true });
    let created = post(&admin, "/api/roles", new).await;
    assert_eq!(
        (created.status, &created.json()["requires_second_factor"]),
        (201, &json!(true))
    );
    let ada = server.signed_in("ada@example.com", &["support"]).await;
    let rejected = ada.get("/api/users").send().await;
    assert_eq!(rejected.problem(), (403, "second_factor_enrolment_required".to_owned()));
    let forbidden = ada.get("/api/roles").send().await;
    assert_eq!(
        forbidden.problem(),
        (403, "forbidden".to_owned()),
        "the role does not have it"
    );
    let me = current_user(&ada).await;
    assert_eq!(
        (&me["permissions"], &me["second_factor_enrolment_required"]),
        (&json!([]), &json!(true))
    );
    assert_eq!(own_factors(&ada).await["required_by"], json!(["support"]));

    enable_totp(&server, &ada).await;
    assert_eq!(ada.get("/api/users").send().await.status, 200, "in the same session");
    let me = current_user(&ada).await;
    assert_eq!(
        (&me["permissions"], &me["second_factor_enrolment_required"]),
        (&json!(["users:read"]), &json!(false))
    );
    assert_eq!(ada.delete("/api/users/me/totp").send().await.status, 204);
    assert_eq!(ada.get("/api/users").send().await.status, 403);

    let path = format!("/api/roles/{}", role_id(&admin, "support").await);
    let changed = admin
        .patch(&path)
        .json(&json!({ "requires_second_factor": false }))
        .send()
        .await;
    assert_eq!(
        (changed.status, &changed.json()["requires_second_factor"]),
        (200, &json!(false))
    );
    assert_eq!(ada.get("/api/users").send().await.status, 200);
    let events = admin.get("/api/audit-events?action=role.created").send().await.json();
    assert_eq!(events[0]["details"]["requires_second_factor"], "true");
}

async fn admin_can_require_a_factor_of_administrators_with_one(engine: Engine) {
    let (server, admin) = TestServer::with_admin(engine).await;
    let other = server.signed_in("other@example.com", &["admin"]).await;
    let path = format!("/api/roles/{}", role_id(&admin, "admin").await);
    let require = json!({ "requires_second_factor": true });
    let without = admin.patch(&path).json(&require).send().await;
    assert_eq!(without.problem(), (409, "no_second_factor".to_owned()));
    enable_totp(&server, &admin).await;
    for body in [
        json!({ "description": "All" }),
        json!({ "name": "root", "requires_second_factor": true }),
    ] {
        let response = admin.patch(&path).json(&body).send().await;
        assert_eq!(response.problem(), (409, "built_in_role".to_owned()), "{body}");
    }
    let required = admin.patch(&path).json(&require).send().await;
    assert_eq!(required.status, 200, "{}", required.text);
    assert_eq!(admin.get("/api/users").send().await.status, 200);
    let rejected = other.get("/api/users").send().await;
    assert_eq!(rejected.problem(), (403, "second_factor_enrolment_required".to_owned()));
    let id = current_user_id(&other).await;
    let demoted = other
        .put(&format!("/api/users/{id}/roles"))
        .json(&json!({ "roles": ["admin"] }))
        .send()
        .await;
    assert_eq!(demoted.problem(), (403, "second_factor_enrolment_required".to_owned()));
    enable_totp(&server, &other).await;
    assert_eq!(other.get("/api/users").send().await.status, 200);
}

async fn other_roles_of_a_user_stay_in_force(engine: Engine) {
    let (server, admin) = TestServer::with_admin(engine).await;
    let new = json!({ "name": "strict", "permissions": ["users:read", "roles:read"], "requires_second_factor": true });
    assert_eq!(post(&admin, "/api/roles", new).await.status, 201);
    server.role("lax", &json!(["users:read"])).await;
    let ada = server.signed_in("ada@example.com", &["strict", "lax"]).await;
    assert_eq!(ada.get("/api/users").send().await.status, 200);
    assert_eq!(
        ada.get("/api/roles").send().await.problem(),
        (403, "second_factor_enrolment_required".to_owned())
    );
    let me = current_user(&ada).await;
    assert_eq!(
        (&me["permissions"], &me["roles"]),
        (&json!(["users:read"]), &json!(["lax", "strict"]))
    );
}

async fn access_explains_the_missing_factor(engine: Engine) {
    let (server, admin) = TestServer::with_admin(engine).await;
    let new = json!({ "name": "support", "permissions": ["users:read"], "requires_second_factor": true });
    assert_eq!(post(&admin, "/api/roles", new).await.status, 201);
    let ada = server.signed_in("ada@example.com", &["support"]).await;
    let path = format!(
        "/api/users/{}/access?permission=users:read",
        current_user_id(&ada).await
    );
    let access = admin.get(&path).send().await.json();
    assert_eq!(
        (&access["granted"], &access["roles"]),
        (&json!(false), &json!(["support"]))
    );
    assert_eq!(access["second_factor_enrolment_required"], true);
    enable_totp(&server, &ada).await;
    let access = admin.get(&path).send().await.json();
    assert_eq!(
        (&access["granted"], &access["second_factor_enrolment_required"]),
        (&json!(true), &json!(false))
    );
}
