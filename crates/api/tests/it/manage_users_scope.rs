//! Limits of a manager: only users and roles whose permissions the manager also has.

use serde_json::{Value, json};
use vestibule_testing::{Client, Engine, Response, TestServer, on_each_database};

use crate::support::current_user_id;

on_each_database!(
    manager_can_manage_members_but_not_admins,
    manager_assigns_only_roles_with_own_permissions,
    manager_creates_and_changes_only_roles_with_own_permissions,
);

/// Starts a server with an administrator, and a manager who has every permission on users, roles and sessions but
/// cannot read the audit log.
async fn with_manager(engine: Engine) -> (TestServer, Client, Client) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let permissions = [
        "users:read",
        "users:create",
        "users:write",
        "users:delete",
        "roles:read",
        "roles:write",
        "roles:assign",
        "sessions:read",
        "sessions:revoke",
    ];
    for (name, permissions) in [("manager", json!(permissions)), ("auditor", json!(["audit:read"]))] {
        let body = json!({ "name": name, "permissions": permissions });
        assert_eq!(admin.post("/api/roles").json(&body).send().await.status, 201);
    }
    let manager = server.signed_in("manager@example.com", &["manager"]).await;
    (server, admin, manager)
}

fn assert_forbidden(response: &Response, permission: &str) {
    assert_eq!(response.problem(), (403, "forbidden".to_owned()));
    assert_eq!(response.json()["permission"], permission);
}

async fn manager_can_manage_members_but_not_admins(engine: Engine) {
    let (server, admin, manager) = with_manager(engine).await;
    let admin_path = format!("/api/users/{}", current_user_id(&admin).await);
    assert_forbidden(
        &manager
            .patch(&admin_path)
            .json(&json!({ "status": "disabled" }))
            .send()
            .await,
        "audit:read",
    );
    assert_forbidden(
        &manager
            .patch(&admin_path)
            .json(&json!({ "email": "me@example.com" }))
            .send()
            .await,
        "audit:read",
    );
    assert_forbidden(&manager.delete(&admin_path).send().await, "audit:read");
    assert_forbidden(
        &manager.delete(&format!("{admin_path}/sessions")).send().await,
        "audit:read",
    );
    let roles = manager
        .put(&format!("{admin_path}/roles"))
        .json(&json!({ "roles": ["member"] }))
        .send()
        .await;
    assert_forbidden(&roles, "audit:read");
    assert_eq!(manager.get(&admin_path).send().await.status, 200);

    let member_path = format!("/api/users/{}", server.user("ada@example.com", &["member"]).await);
    assert_eq!(
        manager
            .patch(&member_path)
            .json(&json!({ "status": "disabled" }))
            .send()
            .await
            .status,
        200
    );
    assert_eq!(
        manager
            .put(&format!("{member_path}/roles"))
            .json(&json!({ "roles": ["manager"] }))
            .send()
            .await
            .status,
        200
    );
    assert_eq!(
        manager.delete(&format!("{member_path}/sessions")).send().await.status,
        204
    );
    assert_eq!(manager.delete(&member_path).send().await.status, 204);
}

async fn manager_assigns_only_roles_with_own_permissions(engine: Engine) {
    let (server, _, manager) = with_manager(engine).await;
    let own = format!("/api/users/{}/roles", current_user_id(&manager).await);
    let assign = async |path: &str, roles: Value| manager.put(path).json(&json!({ "roles": roles })).send().await;
    assert_forbidden(&assign(&own, json!(["manager", "admin"])).await, "audit:read");
    assert_forbidden(&assign(&own, json!(["manager", "auditor"])).await, "audit:read");
    let ada = format!("/api/users/{}/roles", server.user("ada@example.com", &["member"]).await);
    assert_forbidden(&assign(&ada, json!(["auditor"])).await, "audit:read");
    assert_eq!(
        assign(&ada, json!(["manager", "member"])).await.json()["roles"],
        json!(["manager", "member"])
    );
    assert_eq!(assign(&own, json!([])).await.status, 200);
    assert_forbidden(&assign(&own, json!(["manager"])).await, "roles:assign");
}

async fn manager_creates_and_changes_only_roles_with_own_permissions(engine: Engine) {
    let (_server, _, manager) = with_manager(engine).await;
    let create = async |permissions: Value| {
        manager
            .post("/api/roles")
            .json(&json!({ "name": "new", "permissions": permissions }))
            .send()
            .await
    };
    assert_forbidden(&create(json!(["users:read", "audit:read"])).await, "audit:read");
    assert_forbidden(&create(json!(["shop:sell"])).await, "shop:sell");
    let role = create(json!(["users:read"])).await;
    let path = role.header("location").expect("a path").to_owned();
    let wider = manager
        .patch(&path)
        .json(&json!({ "permissions": ["audit:read"] }))
        .send()
        .await;
    assert_forbidden(&wider, "audit:read");

    let roles = manager.get("/api/roles").send().await.json();
    let auditor = roles
        .as_array()
        .expect("a list")
        .iter()
        .find(|role| role["name"] == "auditor")
        .expect("the role is listed");
    let auditor = format!("/api/roles/{}", auditor["id"].as_str().expect("an id"));
    assert_forbidden(
        &manager.patch(&auditor).json(&json!({ "permissions": [] })).send().await,
        "audit:read",
    );
    assert_forbidden(&manager.delete(&auditor).send().await, "audit:read");
    assert_eq!(manager.delete(&path).send().await.status, 204);
}
