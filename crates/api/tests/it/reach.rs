//! Nobody acts beyond themselves.

use serde_json::{Value, json};
use vestibule_testing::{Answer, Client, Engine, TestServer, on_each_database};

on_each_database!(
    a_manager_reaches_members_but_not_administrators,
    a_manager_gives_only_what_the_manager_has,
    a_manager_makes_only_roles_within_reach,
);

/// A server with an administrator, and a manager who may do all with users and roles but not see the
/// audit trail.
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

fn assert_forbidden(answer: &Answer, permission: &str) {
    assert_eq!(answer.problem(), (403, "forbidden".to_owned()));
    assert_eq!(answer.json()["permission"], permission);
}

async fn a_manager_reaches_members_but_not_administrators(engine: Engine) {
    let (server, admin, manager) = with_manager(engine).await;
    let me = admin.get("/api/users/me").send().await.json();
    let above = format!("/api/users/{}", me["id"].as_str().expect("an id"));
    assert_forbidden(
        &manager
            .patch(&above)
            .json(&json!({ "status": "disabled" }))
            .send()
            .await,
        "audit:read",
    );
    assert_forbidden(
        &manager
            .patch(&above)
            .json(&json!({ "email": "me@example.com" }))
            .send()
            .await,
        "audit:read",
    );
    assert_forbidden(&manager.delete(&above).send().await, "audit:read");
    assert_forbidden(&manager.delete(&format!("{above}/sessions")).send().await, "audit:read");
    let roles = manager
        .put(&format!("{above}/roles"))
        .json(&json!({ "roles": ["member"] }))
        .send()
        .await;
    assert_forbidden(&roles, "audit:read");
    assert_eq!(manager.get(&above).send().await.status, 200);

    let below = format!("/api/users/{}", server.user("ada@example.com", &["member"]).await);
    assert_eq!(
        manager
            .patch(&below)
            .json(&json!({ "status": "disabled" }))
            .send()
            .await
            .status,
        200
    );
    assert_eq!(
        manager
            .put(&format!("{below}/roles"))
            .json(&json!({ "roles": ["manager"] }))
            .send()
            .await
            .status,
        200
    );
    assert_eq!(manager.delete(&format!("{below}/sessions")).send().await.status, 204);
    assert_eq!(manager.delete(&below).send().await.status, 204);
}

async fn a_manager_gives_only_what_the_manager_has(engine: Engine) {
    let (server, _, manager) = with_manager(engine).await;
    let me = manager.get("/api/users/me").send().await.json();
    let me = format!("/api/users/{}/roles", me["id"].as_str().expect("an id"));
    let give = async |path: &str, roles: Value| manager.put(path).json(&json!({ "roles": roles })).send().await;
    assert_forbidden(&give(&me, json!(["manager", "admin"])).await, "audit:read");
    assert_forbidden(&give(&me, json!(["manager", "auditor"])).await, "audit:read");
    let ada = format!("/api/users/{}/roles", server.user("ada@example.com", &["member"]).await);
    assert_forbidden(&give(&ada, json!(["auditor"])).await, "audit:read");
    assert_eq!(
        give(&ada, json!(["manager", "member"])).await.json()["roles"],
        json!(["manager", "member"])
    );
    assert_eq!(give(&me, json!([])).await.status, 200);
    assert_forbidden(&give(&me, json!(["manager"])).await, "roles:assign");
}

async fn a_manager_makes_only_roles_within_reach(engine: Engine) {
    let (_server, _, manager) = with_manager(engine).await;
    let make = async |permissions: Value| {
        manager
            .post("/api/roles")
            .json(&json!({ "name": "new", "permissions": permissions }))
            .send()
            .await
    };
    assert_forbidden(&make(json!(["users:read", "audit:read"])).await, "audit:read");
    assert_forbidden(&make(json!(["shop:sell"])).await, "shop:sell");
    let made = make(json!(["users:read"])).await;
    let path = made.header("location").expect("a path").to_owned();
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
        .expect("it is there");
    let auditor = format!("/api/roles/{}", auditor["id"].as_str().expect("an id"));
    assert_forbidden(
        &manager.patch(&auditor).json(&json!({ "permissions": [] })).send().await,
        "audit:read",
    );
    assert_forbidden(&manager.delete(&auditor).send().await, "audit:read");
    assert_eq!(manager.delete(&path).send().await.status, 204);
}
