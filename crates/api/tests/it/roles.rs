//! Roles and permissions.

use serde_json::{Value, json};
use vestibule_domain::Permission;
use vestibule_testing::{Client, Engine, TestServer, on_each_database};

use crate::authorization_matrix::Row;

on_each_database!(
    role_is_created_updated_and_deleted,
    change_with_a_stale_version_is_rejected,
    built_in_roles_cannot_be_changed,
    role_list_is_paginated,
    create_role_errors_name_the_field,
    custom_permission_is_listed_once_a_role_has_it,
);

/// Returns the rows of the authorization matrix.
pub(crate) fn authorization() -> Vec<Row> {
    vec![
        Row::manager("listRoles", 200),
        Row::administrator("createRole", 201).json(new_role),
        Row::manager("getRole", 200).path("role_id", create_role),
        Row::administrator("updateRole", 200)
            .path("role_id", create_role)
            .json(|_| json!({ "description": "New" })),
        Row::administrator("deleteRole", 204).path("role_id", create_role),
        Row::manager("listPermissions", 200),
    ]
}

/// Returns the body that creates a role.
fn new_role(number: usize) -> Value {
    json!({ "name": format!("role{number}") })
}

/// Creates a role and returns its id.
async fn create_role(admin: Client, number: usize) -> String {
    admin.create_role(&format!("role{number}")).await
}

/// Creates a role and returns its path.
async fn create(admin: &Client, body: Value) -> String {
    let response = admin.post("/api/roles").json(&body).send().await;
    assert_eq!(response.status, 201, "{}", response.text);
    response.header("location").expect("a path").to_owned()
}

async fn role_is_created_updated_and_deleted(engine: Engine) {
    let (server, admin) = TestServer::with_admin(engine).await;
    let body = json!({ "name": "support", "description": " Helps ", "permissions": ["users:read", "roles:read", "users:read"] });
    let response = admin.post("/api/roles").json(&body).send().await;
    let role = response.json();
    assert_eq!(role["description"], "Helps");
    assert_eq!(role["permissions"], json!(["roles:read", "users:read"]));
    assert_eq!(
        (&role["built_in"], response.header("etag")),
        (&json!(false), Some("\"1\""))
    );
    let path = response.header("location").expect("a path").to_owned();
    assert_eq!(admin.get(&path).send().await.json(), role);
    let taken = admin.post("/api/roles").json(&body).send().await;
    assert_eq!(taken.problem(), (409, "role_name_taken".to_owned()));
    assert_eq!(taken.field_error(), ("/name".to_owned(), "taken".to_owned()));

    let ada = server.user("ada@example.com", &["support"]).await;
    let ada = format!("/api/users/{ada}");
    let change = json!({ "name": "helpdesk", "description": null, "permissions": [] });
    let changed = admin.patch(&path).json(&change).send().await;
    assert_eq!((changed.status, changed.header("etag")), (200, Some("\"2\"")));
    let role = changed.json();
    assert_eq!(
        (&role["name"], &role["description"], &role["permissions"]),
        (&json!("helpdesk"), &Value::Null, &json!([]))
    );
    let user = admin.get(&ada).send().await;
    assert_eq!(
        (&user.json()["roles"], user.header("etag")),
        (&json!(["helpdesk"]), Some("\"2\""))
    );

    assert_eq!(admin.delete(&path).send().await.status, 204);
    assert_eq!(
        admin.get(&path).send().await.problem(),
        (404, "role_not_found".to_owned())
    );
    let user = admin.get(&ada).send().await;
    assert_eq!(
        (&user.json()["roles"], user.header("etag")),
        (&json!([]), Some("\"3\""))
    );
}

async fn change_with_a_stale_version_is_rejected(engine: Engine) {
    let (_server, admin) = TestServer::with_admin(engine).await;
    let path = create(&admin, json!({ "name": "support" })).await;
    let patch = async |tag: &str, body: Value| admin.patch(&path).header("if-match", tag).json(&body).send().await;
    let unchanged = patch("\"1\"", json!({})).await;
    assert_eq!((unchanged.status, unchanged.header("etag")), (200, Some("\"1\"")));
    assert_eq!(
        patch("\"1\", \"7\"", json!({ "name": "two" })).await.header("etag"),
        Some("\"2\"")
    );
    assert_eq!(
        patch("*", json!({ "name": "three" })).await.header("etag"),
        Some("\"3\"")
    );
    for tag in ["\"2\"", "W/\"2\"", "nonsense"] {
        assert_eq!(
            patch(tag, json!({ "name": "four" })).await.problem(),
            (412, "stale".to_owned()),
            "{tag}"
        );
    }
    let rejected = admin.delete(&path).header("if-match", "\"2\"").send().await;
    assert_eq!(rejected.problem(), (412, "stale".to_owned()));
    let weak = admin.delete(&path).header("if-match", "W/\"3\"").send().await;
    assert_eq!(weak.status, 204, "a compressing proxy weakens the tag");
}

async fn built_in_roles_cannot_be_changed(engine: Engine) {
    let (_server, admin) = TestServer::with_admin(engine).await;
    let roles = admin.get("/api/roles").send().await.json();
    let path = |n: usize| format!("/api/roles/{}", roles[n]["id"].as_str().expect("an id"));
    assert_eq!(
        (&roles[0]["name"], &roles[1]["name"]),
        (&json!("admin"), &json!("member"))
    );
    assert_eq!(
        roles[0]["permissions"].as_array().map(Vec::len),
        Some(Permission::BUILT_IN.len())
    );
    assert_eq!(
        (&roles[0]["user_count"], &roles[1]["user_count"]),
        (&json!(1), &json!(0))
    );
    for (path, body) in [
        (path(0), json!({ "permissions": [] })),
        (path(0), json!({ "description": "x" })),
        (path(0), json!({ "name": "root" })),
        (path(1), json!({ "name": "everyone" })),
    ] {
        let rejected = admin.patch(&path).json(&body).send().await;
        assert_eq!(rejected.problem(), (409, "built_in_role".to_owned()), "{body}");
    }
    for n in 0..2 {
        assert_eq!(
            admin.delete(&path(n)).send().await.problem(),
            (409, "built_in_role".to_owned())
        );
    }
    let changed = admin
        .patch(&path(1))
        .json(&json!({ "permissions": ["shop:buy"] }))
        .send()
        .await;
    assert_eq!(changed.json()["permissions"], json!(["shop:buy"]));
}

async fn role_list_is_paginated(engine: Engine) {
    let (_server, admin) = TestServer::with_admin(engine).await;
    for name in ["c", "a", "b"] {
        create(&admin, json!({ "name": name })).await;
    }
    let mut names = Vec::new();
    let mut next = Some("/api/roles?limit=2".to_owned());
    while let Some(path) = next {
        let page = admin.get(&path).send().await;
        let is_first = names.is_empty();
        assert_eq!(page.header("x-total-count"), is_first.then_some("5"));
        assert_eq!(page.header("x-total-count-kind"), is_first.then_some("exact"));
        names.extend(
            page.json()
                .as_array()
                .expect("a list")
                .iter()
                .map(|role| role["name"].clone()),
        );
        next = page.next_page().map(str::to_owned);
    }
    assert_eq!(names, ["a", "admin", "b", "c", "member"]);
}

async fn create_role_errors_name_the_field(engine: Engine) {
    let (_server, admin) = TestServer::with_admin(engine).await;
    for (body, pointer, code) in [
        (json!({}), "/name", "required"),
        (json!({ "name": "Support" }), "/name", "invalid_format"),
        (json!({ "name": "a".repeat(41) }), "/name", "invalid_format"),
        (
            json!({ "name": "a", "permissions": ["users:read", "users"] }),
            "/permissions/1",
            "invalid_format",
        ),
        (
            json!({ "name": "a", "permissions": null }),
            "/permissions",
            "invalid_type",
        ),
        (json!({ "name": "a", "description": "" }), "/description", "too_short"),
        (
            json!({ "name": "a", "description": "x".repeat(501) }),
            "/description",
            "too_long",
        ),
        (
            json!({ "name": "a", "description": "x\u{7}" }),
            "/description",
            "invalid_format",
        ),
        (json!({ "name": "a", "built_in": true }), "/built_in", "unknown_field"),
    ] {
        let response = admin.post("/api/roles").json(&body).send().await;
        assert_eq!(response.problem(), (422, "validation_failed".to_owned()), "{body}");
        assert_eq!(response.field_error(), (pointer.to_owned(), code.to_owned()), "{body}");
    }
}

async fn custom_permission_is_listed_once_a_role_has_it(engine: Engine) {
    let (_server, admin) = TestServer::with_admin(engine).await;
    create(
        &admin,
        json!({ "name": "clerk", "permissions": ["shop:sell", "users:read"] }),
    )
    .await;
    let permissions = admin.get("/api/permissions").send().await.json();
    let names: Vec<_> = permissions
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| row["name"].as_str().expect("text"))
        .collect();
    assert!(names.is_sorted() && names.len() == Permission::BUILT_IN.len() + 1);
    let permission = |name: &str| {
        permissions
            .as_array()
            .expect("a list")
            .iter()
            .find(|row| row["name"] == name)
            .cloned()
    };
    assert_eq!(
        permission("shop:sell"),
        Some(json!({ "name": "shop:sell", "description": null, "built_in": false }))
    );
    assert_eq!(
        permission("users:read"),
        Some(json!({ "name": "users:read", "description": "See any user", "built_in": true }))
    );
}
