//! The status of every operation for every kind of client.
//!
//! The rows are beside the tests of each feature. A route without a row fails the test.

use std::future::ready;

use actix_web::http::Method;
use futures_util::future::LocalBoxFuture;
use serde_json::{Value, json};
use vestibule_testing::{Client, Engine, Response, TestServer, on_each_database};

use crate::{
    access, account, audit, email_change, email_verification, export, factors, oauth_token, openapi::operations,
    password_reset, refresh, role_assignments, roles, service, sessions, setup, sign_in, sign_out, users,
};

on_each_database!(every_operation_authorizes_every_kind_of_client);

/// Returns the rows of all features.
fn rows() -> Vec<Row> {
    let features = [
        access::authorization(),
        account::authorization(),
        audit::authorization(),
        email_change::authorization(),
        email_verification::authorization(),
        export::authorization(),
        factors::authorization(),
        oauth_token::authorization(),
        password_reset::authorization(),
        refresh::authorization(),
        role_assignments::authorization(),
        roles::authorization(),
        service::authorization(),
        sessions::authorization(),
        setup::authorization(),
        sign_in::authorization(),
        sign_out::authorization(),
        users::authorization(),
    ];
    features.into_iter().flatten().collect()
}

/// The expected statuses of one operation, and how to call it.
pub(crate) struct Row {
    operation: &'static str,
    statuses: [u16; 6],
    body: Option<Create<Value>>,
    parameters: Vec<(&'static str, Create<String>)>,
}

/// Creates the body or a path parameter of a call, and what it refers to, with the client of an administrator.
type Create<T> = Box<dyn Fn(Client, usize) -> LocalBoxFuture<'static, T>>;

impl Row {
    /// Creates a row from the statuses for an anonymous client, the member whom `{user_id}` identifies, a manager,
    /// an administrator, a disabled administrator, and a different member. The manager has every built-in permission to
    /// read, and `users:write`.
    pub(crate) fn new(operation: &'static str, statuses: [u16; 6]) -> Self {
        Self {
            operation,
            statuses,
            body: None,
            parameters: Vec::new(),
        }
    }

    /// Expects the same status for every client.
    pub(crate) fn everyone(operation: &'static str, status: u16) -> Self {
        Self::new(operation, [status; 6])
    }

    /// Expects the status for every client that is signed in.
    pub(crate) fn signed_in(operation: &'static str, status: u16) -> Self {
        Self::new(operation, [401, status, status, status, 401, status])
    }

    /// Expects the status for the manager and the administrator.
    pub(crate) fn manager(operation: &'static str, status: u16) -> Self {
        Self::new(operation, [401, 403, status, status, 401, 403])
    }

    /// Expects the status for the administrator only.
    pub(crate) fn administrator(operation: &'static str, status: u16) -> Self {
        Self::new(operation, [401, 403, 403, status, 401, 403])
    }

    /// Sends a JSON body. `body` receives the number of the call, for values that have to be unique.
    pub(crate) fn json(self, body: impl Fn(usize) -> Value + 'static) -> Self {
        self.json_from(move |_, number| ready(body(number)))
    }

    /// Sends a JSON body. `body` receives the client of an administrator, to create what the body refers to, and the
    /// number of the call, for values that have to be unique.
    pub(crate) fn json_from<F: Future<Output = Value> + 'static>(
        self,
        body: impl Fn(Client, usize) -> F + 'static,
    ) -> Self {
        Self {
            body: Some(Box::new(move |admin, number| Box::pin(body(admin, number)))),
            ..self
        }
    }

    /// Calls `create` before each call, and replaces the path parameter with what it returns. `create` receives the
    /// client of an administrator and the number of the call, for values that have to be unique.
    pub(crate) fn path<F: Future<Output = String> + 'static>(
        mut self,
        parameter: &'static str,
        create: impl Fn(Client, usize) -> F + 'static,
    ) -> Self {
        let create: Create<String> = Box::new(move |admin, number| Box::pin(create(admin, number)));
        self.parameters.push((parameter, create));
        self
    }
}

/// The clients of one call, and the id of the member.
struct Clients {
    all: [Client; 6],
    admin: Client,
    member_id: String,
}

/// Creates the clients for one call, so that its changes do not affect the next call.
async fn clients(server: &TestServer, number: usize) -> Clients {
    let email = |name: &str| format!("{name}{number}@example.com");
    let admin = server.signed_in(&email("admin"), &["admin"]).await;
    let manager = server.signed_in(&email("manager"), &["manager"]).await;
    let member_id = server.user(&email("member"), &["member"]).await;
    let member = server.client().sign_in(&email("member")).await;
    let other = server.signed_in(&email("other"), &["member"]).await;
    let disabled_id = server.user(&email("disabled"), &["admin"]).await;
    let disabled = server.client().sign_in(&email("disabled")).await;
    let disable = admin.patch(&format!("/api/users/{disabled_id}"));
    let disable = disable.json(&json!({ "status": "disabled" }));
    assert_eq!(disable.send().await.status, 200);
    Clients {
        all: [server.client(), member, manager, admin.clone(), disabled, other],
        admin,
        member_id,
    }
}

/// Creates the role `manager`.
async fn create_manager_role(server: &TestServer) {
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let built_in = root.get("/api/permissions").send().await.json();
    let names = built_in.as_array().expect("a list").iter();
    let names = names.map(|permission| permission["name"].as_str().expect("text"));
    let mut permissions: Vec<_> = names.filter(|name| name.ends_with(":read")).collect();
    assert!(!permissions.is_empty());
    permissions.push("users:write");
    server.role("manager", &json!(permissions)).await;
}

/// Returns whether the description of an operation has the problem of a response.
fn is_documented(operation: &Value, response: &Response) -> bool {
    let (status, code) = response.problem();
    let content = &operation["responses"][status.to_string()]["content"]["application/problem+json"];
    content["examples"][code].is_object()
}

async fn every_operation_authorizes_every_kind_of_client(engine: Engine) {
    let operations = operations();
    let id = |operation: &Value| operation["operationId"].as_str().expect("an operation id").to_owned();
    let mut documented: Vec<_> = operations.iter().map(|(_, _, operation)| id(operation)).collect();
    let rows = rows();
    let mut listed: Vec<_> = rows.iter().map(|row| row.operation).collect();
    documented.sort();
    listed.sort_unstable();
    assert_eq!(documented, listed, "each operation has one row");

    let server = TestServer::without_rate_limits(engine).await;
    create_manager_role(&server).await;
    let mut number = 0;
    for row in rows {
        let (method, template, operation) = operations
            .iter()
            .find(|(_, _, operation)| operation["operationId"] == row.operation)
            .expect("a documented operation");
        let method: Method = method.to_uppercase().parse().expect("a method");
        for (kind, status) in row.statuses.into_iter().enumerate() {
            number += 1;
            let clients = clients(&server, number).await;
            let mut path = template.replace("{user_id}", &clients.member_id);
            for (parameter, create) in &row.parameters {
                let value = create(clients.admin.clone(), number).await;
                path = path.replace(&format!("{{{parameter}}}"), &value);
            }
            assert!(!path.contains('{'), "{}: {path}", row.operation);
            let request = clients.all[kind].request(method.clone(), &path);
            let response = match &row.body {
                Some(body) => request.json(&body(clients.admin.clone(), number).await),
                None => request,
            }
            .send()
            .await;
            let name = row.operation;
            assert_eq!(response.status, status, "{name} for client {kind}: {}", response.text);
            assert!(
                response.status < 400 || is_documented(operation, &response),
                "{name}: {}",
                response.text
            );
        }
    }
}
