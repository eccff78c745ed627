//! Users with a role: the version of a user, and the rows of a deleted role.

use futures_util::{StreamExt, future::join, stream};
use serde_json::{Value, json};
use vestibule_domain::{
    Actor, DisplayName, EmailAddress, roles,
    users::{self, SeedUser},
};
use vestibule_testing::{Engine, TestServer, on_each_database};

use crate::{
    authorization_matrix::Row,
    support::{current_user, current_user_id},
};

on_each_database!(
    user_roles_are_replaced,
    renaming_or_deleting_a_role_bumps_the_version_of_its_users,
    replacing_roles_bumps_the_version_by_one_after_renames,
    deleted_role_disappears_before_its_rows_are_purged,
    replacing_roles_during_a_purge_loses_no_update,
    stale_user_version_is_rejected_after_a_role_rename,
);

/// Returns the rows of the authorization matrix.
pub(crate) fn authorization() -> Vec<Row> {
    vec![Row::administrator("replaceUserRoles", 200).json(|_| json!({ "roles": ["member"] }))]
}

/// Creates users and assigns them the role `clerk` by SQL.
async fn add_users_with_role(server: &TestServer, count: usize) {
    let users = (0..count).map(|n| SeedUser {
        email: EmailAddress::parse(&format!("user{n}@example.com")).expect("an email"),
        display_name: DisplayName::parse(&format!("User {n}")).expect("a name"),
    });
    let seeded = users::seed(&server.app, &Actor::operator(), users.collect()).await;
    seeded.expect("seeded");
    let assign = "INSERT INTO user_roles (user_id, role_id) SELECT users.id, roles.id FROM users, roles \
                WHERE users.normalized_email LIKE 'user%' AND roles.name = 'clerk'";
    assert_eq!(server.execute(assign).await, count as u64);
}

async fn user_roles_are_replaced(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let path = format!("/api/users/{}/roles", server.user("ada@example.com", &["member"]).await);
    let put = async |roles: Value| admin.put(&path).json(&json!({ "roles": roles })).send().await;
    assert_eq!(
        put(json!(["member", "admin", "member"])).await.json()["roles"],
        json!(["admin", "member"])
    );
    let unknown = put(json!(["member", "none"])).await;
    assert_eq!(unknown.field_error(), ("/roles/1".to_owned(), "unknown".to_owned()));
    assert_eq!(
        put(json!(["member", "No"])).await.field_error(),
        ("/roles/1".to_owned(), "invalid_format".to_owned())
    );
    assert_eq!(put(json!([])).await.header("etag"), Some("\"3\""));
    assert_eq!(put(json!([])).await.header("etag"), Some("\"3\""));
}

async fn renaming_or_deleting_a_role_bumps_the_version_of_its_users(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("root@example.com", &["admin"]).await;
    let role = admin.post("/api/roles").json(&json!({ "name": "clerk" })).send().await;
    let role = role.header("location").expect("a path").to_owned();
    let ada = format!(
        "/api/users/{}",
        server.user("ada@example.com", &["clerk", "member"]).await
    );
    let bob = format!("/api/users/{}", server.user("bob@example.com", &["member"]).await);
    let roles_and_etag = async |path: &str| {
        let user = admin.get(path).send().await;
        let tag = user.header("etag").expect("a tag").to_owned();
        (user.json()["roles"].clone(), tag)
    };
    let tag = |number: u32| format!("\"{number}\"");
    assert_eq!(roles_and_etag(&ada).await, (json!(["clerk", "member"]), tag(1)));
    let patch = async |body| admin.patch(&role).json(&body).send().await.status;
    assert_eq!(patch(json!({ "permissions": ["shop:sell"] })).await, 200);
    assert_eq!(
        roles_and_etag(&ada).await.1,
        tag(1),
        "permissions are not part of a user"
    );
    for (n, name) in [(2, "seller"), (3, "vendor"), (4, "clerk")] {
        assert_eq!(patch(json!({ "name": name })).await, 200);
        let mut names = [name, "member"];
        names.sort_unstable();
        assert_eq!(roles_and_etag(&ada).await, (json!(names), tag(n)));
    }
    assert_eq!(patch(json!({ "name": "clerk", "description": "Sells" })).await, 200);
    assert_eq!(roles_and_etag(&ada).await.1, tag(4));
    assert_eq!(admin.delete(&role).send().await.status, 204);
    assert_eq!(roles_and_etag(&ada).await, (json!(["member"]), tag(5)));
    assert_eq!(roles::purge(&server.app).await.expect("purged"), 1);
    assert_eq!(roles_and_etag(&ada).await, (json!(["member"]), tag(5)));
    assert_eq!(roles_and_etag(&bob).await, (json!(["member"]), tag(1)));
}

async fn replacing_roles_bumps_the_version_by_one_after_renames(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("root@example.com", &["admin"]).await;
    let role = admin.post("/api/roles").json(&json!({ "name": "clerk" })).send().await;
    let role = role.header("location").expect("a path").to_owned();
    for name in ["a", "b", "c", "d", "clerk"] {
        assert_eq!(
            admin.patch(&role).json(&json!({ "name": name })).send().await.status,
            200
        );
    }
    let ada = format!("/api/users/{}", server.user("ada@example.com", &["clerk"]).await);
    let etag = async || admin.get(&ada).send().await.header("etag").expect("a tag").to_owned();
    assert_eq!(etag().await, "\"1\"");
    let mut version = 1;
    for roles in [
        json!([]),
        json!(["clerk"]),
        json!(["member"]),
        json!(["clerk", "member"]),
        json!(["member"]),
    ] {
        let roles = json!({ "roles": roles });
        let response = admin
            .put(&format!("{ada}/roles"))
            .header("if-match", &etag().await)
            .json(&roles);
        let response = response.send().await;
        version += 1;
        assert_eq!(
            (response.status, response.header("etag")),
            (200, Some(format!("\"{version}\"").as_str()))
        );
        assert_eq!(etag().await, format!("\"{version}\""));
    }
    let rename = json!({ "display_name": "Ada" });
    let response = admin
        .patch(&ada)
        .header("if-match", &etag().await)
        .json(&rename)
        .send()
        .await;
    assert_eq!(response.header("etag"), Some("\"7\""));
}

async fn deleted_role_disappears_before_its_rows_are_purged(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("root@example.com", &["admin"]).await;
    let body = json!({ "name": "clerk", "permissions": ["users:read", "shop:sell"] });
    let role = admin.post("/api/roles").json(&body).send().await;
    let path = role.header("location").expect("a path").to_owned();
    add_users_with_role(&server, 1_300).await;
    let ada = server.signed_in("ada@example.com", &["clerk"]).await;
    assert_eq!(ada.get("/api/users").send().await.status, 200);

    assert_eq!(admin.delete(&path).send().await.status, 204);
    assert_eq!(
        ada.get("/api/users").send().await.problem(),
        (403, "forbidden".to_owned())
    );
    assert_eq!(current_user(&ada).await["roles"], json!([]));
    for round in 0..2 {
        assert_eq!(
            admin.get(&path).send().await.problem(),
            (404, "role_not_found".to_owned())
        );
        assert_eq!(
            admin.patch(&path).json(&json!({ "name": "x" })).send().await.status,
            404
        );
        assert_eq!(admin.delete(&path).send().await.status, 404);
        let roles = admin.get("/api/roles").send().await;
        assert_eq!(roles.header("x-total-count"), Some("2"));
        assert_eq!(roles.json().as_array().map(Vec::len), Some(2));
        let first = admin.get("/api/roles?limit=1").send().await;
        assert_eq!(first.header("x-total-count"), Some("2"));
        let permissions = admin.get("/api/permissions").send().await.text;
        assert!(!permissions.contains("shop:sell"));
        let users = admin.get("/api/users?role=clerk").send().await;
        assert_eq!(users.json(), json!([]));
        let assign = json!({ "roles": ["clerk"] });
        let id = current_user_id(&ada).await;
        let unknown = admin.put(&format!("/api/users/{id}/roles")).json(&assign).send().await;
        assert_eq!(unknown.field_error(), ("/roles/0".to_owned(), "unknown".to_owned()));
        if round == 0 {
            // The name is free, and a new role with this name inherits nothing from the deleted one.
            let new_role = admin.post("/api/roles").json(&json!({ "name": "clerk" })).send().await;
            let new_path = new_role.header("location").expect("a path").to_owned();
            assert_eq!(admin.get("/api/users?role=clerk").send().await.json(), json!([]));
            assert_eq!(admin.get("/api/roles").send().await.json()[1]["user_count"], 0);
            assert_eq!(admin.delete(&new_path).send().await.status, 204);
            assert_eq!(roles::purge(&server.app).await.expect("purged"), 1_301);
        }
    }
    assert_eq!(server.execute("UPDATE roles SET version = version").await, 2);
    assert_eq!(
        server
            .execute("UPDATE users SET version = version WHERE version = 2")
            .await,
        1_301
    );
}

async fn replacing_roles_during_a_purge_loses_no_update(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("root@example.com", &["admin"]).await;
    let role = admin.post("/api/roles").json(&json!({ "name": "clerk" })).send().await;
    let path = role.header("location").expect("a path").to_owned();
    add_users_with_role(&server, 60).await;
    assert_eq!(admin.delete(&path).send().await.status, 204);
    let listed = admin.get("/api/users?q=user&limit=200").send().await.json();
    let ids: Vec<_> = listed
        .as_array()
        .expect("a list")
        .iter()
        .map(|user| user["id"].clone())
        .collect();
    assert_eq!(ids.len(), 60);
    let assign = ids.iter().map(|id| {
        let path = format!("/api/users/{}/roles", id.as_str().expect("an id"));
        let admin = &admin;
        async move {
            let response = admin.put(&path).json(&json!({ "roles": [] })).send().await;
            assert_eq!(response.status, 200, "{}", response.text);
        }
    });
    // No more concurrent requests than connections.
    let assigned = stream::iter(assign).buffer_unordered(5).collect::<()>();
    let (purged, ()) = join(roles::purge(&server.app), assigned).await;
    purged.expect("purged");
    roles::purge(&server.app).await.expect("purged");
    for id in &ids {
        let user = admin
            .get(&format!("/api/users/{}", id.as_str().expect("an id")))
            .send()
            .await;
        assert_eq!(
            (user.header("etag"), &user.json()["roles"]),
            (Some("\"3\""), &json!([]))
        );
    }
}

async fn stale_user_version_is_rejected_after_a_role_rename(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("root@example.com", &["admin"]).await;
    let role = admin.post("/api/roles").json(&json!({ "name": "clerk" })).send().await;
    let role = role.header("location").expect("a path").to_owned();
    let ada = format!("/api/users/{}", server.user("ada@example.com", &["clerk"]).await);
    assert_eq!(
        admin
            .patch(&role)
            .json(&json!({ "name": "seller" }))
            .send()
            .await
            .status,
        200
    );
    let patch = async |tag: &str| {
        let body = json!({ "display_name": "Ada" });
        admin
            .patch(&ada)
            .header("if-match", tag)
            .json(&body)
            .send()
            .await
            .status
    };
    assert_eq!(patch("\"1\"").await, 412);
    assert_eq!(patch("\"2\"").await, 200);
    assert_eq!(patch("\"2\"").await, 412);
}
