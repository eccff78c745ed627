//! Projects.

use serde_json::{Value, json};
use vestibule_testing::{Client, Engine, TestServer, on_each_database};

use crate::{
    authorization_matrix::Row,
    support::{UNKNOWN_ID, post},
};

on_each_database!(
    project_is_created_updated_and_deleted,
    every_invalid_field_is_reported,
    list_is_sorted_filtered_and_paginated,
    taken_value_is_rejected,
    references_are_checked,
    changes_are_audited,
);

const PATH: &str = "/api/projects";

/// Returns the rows of the authorization matrix.
pub(crate) fn authorization() -> Vec<Row> {
    vec![
        Row::manager("listProjects", 200),
        Row::administrator("createProject", 201).json_from(async |admin, number| new_project(&admin, number).await),
        Row::manager("getProject", 200).path("project_id", create_project),
        Row::administrator("updateProject", 200)
            .path("project_id", create_project)
            .json(|_| json!({ "name": "Name two" })),
        Row::administrator("deleteProject", 204).path("project_id", create_project),
    ]
}

/// Returns a body that creates a project, after creating what it refers to. Values that are unique or sorted differ by
/// `number`.
async fn new_project(admin: &Client, number: usize) -> Value {
    json!({
        "name": format!("Name {number}"),
        "description": "First line\nSecond line",
        "archived": true,
        "owner_id": admin.create_user(&format!("project-owner{number}")).await,
    })
}

/// Creates a project and returns its id.
pub(crate) async fn create_project(admin: Client, number: usize) -> String {
    let body = new_project(&admin, number).await;
    admin.create(PATH, &body).await
}

async fn project_is_created_updated_and_deleted(engine: Engine) {
    let (_server, admin) = TestServer::with_admin(engine).await;
    let body = new_project(&admin, 1).await;
    let created = post(&admin, PATH, body.clone()).await;
    assert_eq!(
        (created.status, created.header("etag")),
        (201, Some("\"1\"")),
        "{}",
        created.text
    );
    created.assert_contains(&body);
    let path = created.header("location").expect("a path").to_owned();
    assert_eq!(admin.get(&path).send().await.json(), created.json());

    let changes = json!({
        "name": "Name two",
        "description": "Another text",
        "archived": false,
    });
    for _ in 0..2 {
        // Repeating the change has no effect.
        let changed = admin.patch(&path).json(&changes).send().await;
        assert_eq!(
            (changed.status, changed.header("etag")),
            (200, Some("\"2\"")),
            "{}",
            changed.text
        );
        changed.assert_contains(&changes);
    }
    let nothing = json!({ "description": null });
    let cleared = admin.patch(&path).json(&nothing).send().await;
    cleared.assert_contains(&nothing);

    let stale = admin.patch(&path).header("if-match", "\"1\"").json(&body).send().await;
    assert_eq!(stale.problem(), (412, "stale".to_owned()));
    let stale = admin.delete(&path).header("if-match", "\"1\"").send().await;
    assert_eq!(stale.problem(), (412, "stale".to_owned()));
    assert_eq!(admin.delete(&path).send().await.status, 204);
    let missing = (404, "project_not_found".to_owned());
    assert_eq!(admin.get(&path).send().await.problem(), missing);
    assert_eq!(admin.patch(&path).json(&changes).send().await.problem(), missing);
    assert_eq!(admin.delete(&path).send().await.problem(), missing);
}

async fn every_invalid_field_is_reported(engine: Engine) {
    let (_server, admin) = TestServer::with_admin(engine).await;
    let body = json!({
        "name": "",
        "description": "",
        "archived": "yes",
        "owner_id": "not a uuid",
        "unknown": 1
    });
    let expected = [
        ("/name", "too_short"),
        ("/description", "too_short"),
        ("/archived", "invalid_type"),
        ("/owner_id", "invalid_format"),
        ("/unknown", "unknown_field"),
    ];
    post(&admin, PATH, body.clone()).await.assert_invalid(&expected);
    let id = create_project(admin.clone(), 1).await;
    let changed = admin.patch(&format!("{PATH}/{id}")).json(&body).send().await;
    changed.assert_invalid(&expected);
    let required = [("/name", "required"), ("/owner_id", "required")];
    post(&admin, PATH, json!({})).await.assert_invalid(&required);
}

async fn list_is_sorted_filtered_and_paginated(engine: Engine) {
    let (_server, admin) = TestServer::with_admin(engine).await;
    let mut ids = Vec::new();
    for number in 101..=103 {
        ids.push(create_project(admin.clone(), number).await);
    }
    let list = async |query: &str| admin.all_ids(&format!("{PATH}?{query}")).await;
    let reversed: Vec<_> = ids.iter().rev().cloned().collect();
    assert_eq!(list("limit=2").await, reversed, "newest first");
    for column in ["created_at", "name"] {
        assert_eq!(list(&format!("sort={column}&limit=2")).await, ids, "{column}");
        assert_eq!(list(&format!("sort=-{column}&limit=2")).await, reversed, "{column}");
    }
    let first = admin.get(&format!("{PATH}?limit=2")).send().await;
    assert_eq!(
        (first.header("x-total-count"), first.header("x-total-count-kind")),
        (Some("3"), Some("exact"))
    );
    assert_eq!(list("q=NAME%20102").await, [ids[1].clone()], "name");
    assert_eq!(list("q=SECOND").await, reversed, "description");
    assert!(list("q=%25").await.is_empty(), "a wildcard has no meaning");
    assert_eq!(list("archived=true").await, reversed);
    assert!(list("archived=false").await.is_empty());
    let second = admin.get(&format!("{PATH}/{}", ids[1])).send().await.json();
    let owner_id = second["owner_id"].as_str().expect("an id");
    assert_eq!(list(&format!("owner_id={owner_id}")).await, [ids[1].clone()]);
    assert!(list(&format!("owner_id={UNKNOWN_ID}")).await.is_empty());
    let invalid = admin
        .get(&format!("{PATH}?sort=unknown&limit=0&cursor=x&unknown=1"))
        .send()
        .await;
    invalid.assert_invalid(&[
        ("?cursor", "invalid_format"),
        ("?limit", "out_of_range"),
        ("?sort", "not_allowed_value"),
        ("?unknown", "unknown_field"),
    ]);
}

async fn taken_value_is_rejected(engine: Engine) {
    let (_server, admin) = TestServer::with_admin(engine).await;
    let first = new_project(&admin, 1).await;
    assert_eq!(post(&admin, PATH, first.clone()).await.status, 201);
    let second = create_project(admin.clone(), 2).await;
    for (number, field) in (3..).zip(["name"]) {
        let mut taken = new_project(&admin, number).await;
        taken[field] = first[field].clone();
        let rejected = post(&admin, PATH, taken).await;
        assert_eq!(rejected.problem(), (409, "taken".to_owned()), "{field}");
        assert_eq!(rejected.field_error(), (format!("/{field}"), "taken".to_owned()));
        let change = json!({ field: first[field] });
        let rejected = admin.patch(&format!("{PATH}/{second}")).json(&change).send().await;
        assert_eq!(rejected.field_error(), (format!("/{field}"), "taken".to_owned()));
    }
}

async fn references_are_checked(engine: Engine) {
    let (_server, admin) = TestServer::with_admin(engine).await;
    let body = new_project(&admin, 1).await;
    let created = post(&admin, PATH, body.clone()).await.json();
    let path = format!("{PATH}/{}", created["id"].as_str().expect("an id"));
    let references = [("owner_id", false, "/api/users")];
    for (number, (field, is_optional, others)) in (2..).zip(references) {
        let unknown = json!({ field: UNKNOWN_ID });
        let rejected = admin.patch(&path).json(&unknown).send().await;
        assert_eq!(rejected.problem(), (422, "validation_failed".to_owned()), "{field}");
        assert_eq!(rejected.field_error(), (format!("/{field}"), "unknown".to_owned()));
        let mut unknown = new_project(&admin, number).await;
        unknown[field] = json!(UNKNOWN_ID);
        let rejected = post(&admin, PATH, unknown).await;
        assert_eq!(rejected.field_error(), (format!("/{field}"), "unknown".to_owned()));

        let other = format!("{others}/{}", body[field].as_str().expect("an id"));
        let deleted = admin.delete(&other).send().await;
        if is_optional {
            assert_eq!(deleted.status, 204, "{field}: {}", deleted.text);
            assert_eq!(admin.get(&path).send().await.json()[field], Value::Null);
        } else {
            assert_eq!(deleted.problem(), (409, "in_use".to_owned()), "{field}");
            assert_eq!(admin.get(&other).send().await.status, 200);
        }
    }
}

async fn changes_are_audited(engine: Engine) {
    let (_server, admin) = TestServer::with_admin(engine).await;
    let id = create_project(admin.clone(), 1).await;
    let path = format!("{PATH}/{id}");
    let change = json!({ "name": "Name two" });
    assert_eq!(admin.patch(&path).json(&change).send().await.status, 200);
    assert_eq!(admin.delete(&path).send().await.status, 204);
    let events = admin.get(&format!("/api/audit-events?target={id}")).send().await.json();
    let actions: Vec<_> = events
        .as_array()
        .expect("a list")
        .iter()
        .map(|event| &event["action"])
        .collect();
    assert_eq!(actions, ["project.deleted", "project.updated", "project.created"]);
    assert_eq!(events[1]["details"], json!({ "changed": ["name"] }));
    assert_eq!(events[1]["target"], json!({ "kind": "project", "id": id }));
}
