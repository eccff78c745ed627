//! The status of every operation for every kind of client.
//!
//! A route without a row here fails the test.

use std::collections::BTreeSet;

use actix_web::http::Method;
use serde_json::{Value, json};
use vestibule_testing::{Client, Engine, TestServer, on_each_database};

use crate::{
    openapi::operations,
    support::{NEW_PASSWORD, PASSWORD, UNKNOWN_ID},
};

on_each_database!(every_operation_authorizes_every_kind_of_client);

/// An operation id, its body, and the expected status for an anonymous client, the member whom the path names,
/// a manager with some permissions, an administrator, a disabled user, and a different member.
type Row = (&'static str, Value, [u16; 6]);

fn table() -> Vec<Row> {
    let none = Value::Null;
    let everyone = |status: u16| [status; 6];
    let signed_in = |status: u16| [401, status, status, status, 401, status];
    vec![
        ("getServiceInfo", none.clone(), everyone(200)),
        ("getLiveness", none.clone(), everyone(200)),
        ("getReadiness", none.clone(), everyone(200)),
        ("getProblemType", none.clone(), everyone(200)),
        ("getJwks", none.clone(), everyone(200)),
        ("getSettings", none.clone(), everyone(200)),
        (
            "completeSetup",
            json!({ "token": "x", "email": "new@example.com", "password": PASSWORD }),
            everyone(410),
        ),
        (
            "login",
            json!({ "email": "unknown@example.com", "password": "x" }),
            everyone(401),
        ),
        ("issueToken", none.clone(), everyone(415)),
        ("refreshTokens", none.clone(), everyone(204)),
        ("logout", json!({ "refresh_token": "x" }), everyone(204)),
        (
            "requestPasswordReset",
            json!({ "email": "unknown@example.com" }),
            everyone(202),
        ),
        (
            "resendVerificationEmail",
            json!({ "email": "unknown@example.com" }),
            everyone(202),
        ),
        (
            "resetPassword",
            json!({ "token": "x", "new_password": NEW_PASSWORD }),
            everyone(400),
        ),
        ("verifyEmail", json!({ "token": "x" }), [400, 400, 400, 400, 401, 400]),
        ("confirmEmailChange", json!({ "token": "x" }), everyone(400)),
        (
            "createUser",
            json!({ "email": "new@example.com", "password": PASSWORD }),
            everyone(201),
        ),
        ("listUsers", none.clone(), [401, 403, 200, 200, 401, 403]),
        ("getUserAccess", none.clone(), [401, 200, 200, 200, 401, 403]),
        ("getUser", none.clone(), [401, 200, 200, 200, 401, 403]),
        (
            "updateUser",
            json!({ "display_name": "New" }),
            [401, 403, 200, 200, 401, 403],
        ),
        ("deleteUser", none.clone(), [401, 403, 403, 204, 401, 403]),
        (
            "replaceUserRoles",
            json!({ "roles": ["member"] }),
            [401, 403, 403, 200, 401, 403],
        ),
        ("listUserSessions", none.clone(), [401, 403, 200, 200, 401, 403]),
        ("deleteUserSessions", none.clone(), [401, 403, 403, 204, 401, 403]),
        ("getCurrentUser", none.clone(), signed_in(200)),
        ("exportCurrentUser", none.clone(), signed_in(200)),
        ("updateCurrentUser", json!({ "display_name": "Me" }), signed_in(200)),
        (
            "changePassword",
            json!({ "current_password": PASSWORD, "new_password": NEW_PASSWORD }),
            signed_in(204),
        ),
        (
            "requestEmailChange",
            json!({ "new_email": "another@example.com", "current_password": PASSWORD }),
            signed_in(202),
        ),
        ("cancelEmailChange", none.clone(), signed_in(204)),
        (
            "deleteCurrentUser",
            json!({ "current_password": PASSWORD }),
            signed_in(204),
        ),
        ("listOwnSessions", none.clone(), signed_in(200)),
        ("deleteOtherSessions", none.clone(), signed_in(204)),
        ("deleteOwnSession", none.clone(), signed_in(404)),
        ("listRoles", none.clone(), [401, 403, 200, 200, 401, 403]),
        ("createRole", json!({ "name": "new" }), [401, 403, 403, 201, 401, 403]),
        ("getRole", none.clone(), [401, 403, 200, 200, 401, 403]),
        (
            "updateRole",
            json!({ "description": "New" }),
            [401, 403, 403, 200, 401, 403],
        ),
        ("deleteRole", none.clone(), [401, 403, 403, 204, 401, 403]),
        ("listPermissions", none.clone(), [401, 403, 200, 200, 401, 403]),
        ("listAuditEvents", none, [401, 403, 403, 200, 401, 403]),
    ]
}

/// The clients of one round, and the user and role that its path names.
struct Fixture {
    clients: [Client; 6],
    user: String,
    role: String,
}

/// Creates a fixture for one call, so that its changes do not affect the next call.
async fn fixture(server: &TestServer, round: usize) -> Fixture {
    let email = |name: &str| format!("{name}{round}@example.com");
    let admin = server.signed_in(&email("admin"), &["admin"]).await;
    let manager = server.signed_in(&email("manager"), &["manager"]).await;
    let user = server.user(&email("member"), &["member"]).await;
    let member = server.client().sign_in(&email("member")).await;
    let other = server.signed_in(&email("other"), &["member"]).await;
    let disabled_id = server.user(&email("disabled"), &["admin"]).await;
    let disabled = server.client().sign_in(&email("disabled")).await;
    let path = format!("/api/users/{disabled_id}");
    assert_eq!(
        admin
            .patch(&path)
            .json(&json!({ "status": "disabled" }))
            .send()
            .await
            .status,
        200
    );
    let role = json!({ "name": format!("role{round}") });
    let role = admin.post("/api/roles").json(&role).send().await.json()["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    Fixture {
        clients: [server.client(), member, manager, admin, disabled, other],
        user,
        role,
    }
}

async fn every_operation_authorizes_every_kind_of_client(engine: Engine) {
    let operations = operations();
    let documented: BTreeSet<&str> = operations
        .iter()
        .filter_map(|(_, _, operation)| operation["operationId"].as_str())
        .collect();
    let table = table();
    let listed: BTreeSet<&str> = table.iter().map(|(id, ..)| *id).collect();
    assert_eq!(documented, listed, "each operation has a row");

    let server = TestServer::without_rate_limits(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let permissions = json!(["users:read", "users:write", "roles:read", "sessions:read"]);
    let manager = json!({ "name": "manager", "permissions": permissions });
    assert_eq!(root.post("/api/roles").json(&manager).send().await.status, 201);
    let mut round = 0;
    for (id, body, expected) in table {
        let (method, path, _) = operations
            .iter()
            .find(|(_, _, operation)| operation["operationId"] == id)
            .expect("a documented operation");
        let method: Method = method.to_uppercase().parse().expect("a method");
        for (client, status) in expected.into_iter().enumerate() {
            round += 1;
            let fixture = fixture(&server, round).await;
            let path = path
                .replace("{user_id}", &fixture.user)
                .replace("{role_id}", &fixture.role)
                .replace("{session_id}", UNKNOWN_ID)
                .replace("{code}", "forbidden");
            let mut body = body.clone();
            for (field, value) in [
                ("email", json!(format!("new{round}@example.com"))),
                ("name", json!(format!("new{round}"))),
            ] {
                if body.get(field).is_some() {
                    body[field] = value;
                }
            }
            let request = fixture.clients[client].request(method.clone(), &path);
            let request = if body.is_null() { request } else { request.json(&body) };
            let response = if id == "issueToken" {
                request.body("text/plain", "x")
            } else {
                request
            }
            .send()
            .await;
            assert_eq!(response.status, status, "{id} for client {client}: {}", response.text);
            assert!(response.status < 400 || response.problem().0 == status);
        }
    }
}
