//! At least one administrator who can sign in always remains.

use futures_util::future::join_all;
use serde_json::{Value, json};
use vestibule_domain::{
    Actor, EmailAddress, EmailKind, Password, RoleName,
    users::{self, NewUser},
};
use vestibule_testing::{Client, Engine, Response, TestServer, on_each_database};

use crate::support::{PASSWORD, current_user, reset_password, server_requiring_verified_email};

on_each_database!(
    last_admin_cannot_be_demoted_disabled_or_deleted,
    invited_admin_without_password_does_not_count,
    unverified_admin_does_not_count_if_verification_is_required,
    unverified_admin_counts_if_verification_is_optional,
    concurrent_mutual_demotion_leaves_one_admin,
    concurrent_mutual_unverification_leaves_one_admin,
);

/// Creates an administrator with a verified email, signs in, and returns the id with the client.
async fn verified_admin(server: &TestServer, email: &str) -> (String, Client) {
    let new = NewUser {
        email: EmailAddress::parse(email).expect("an email"),
        password: Some(Password::new_unchecked(PASSWORD)),
        display_name: None,
        roles: Some(vec![RoleName::ADMIN]),
        email_verified: true,
    };
    let created = users::create(&server.app, &Actor::operator(), new, None)
        .await
        .expect("created");
    (created.id.to_string(), server.client().sign_in(email).await)
}

/// Checks that no request, including patches with `other_changes`, removes the last administrator who can sign in.
async fn assert_last_admin(admin: &Client, id: &str, other_changes: &[Value]) {
    let path = format!("/api/users/{id}");
    let roles = json!({ "roles": ["member"] });
    let confirmation = json!({ "current_password": PASSWORD });
    let mut rejected = vec![
        admin.delete(&path).send().await,
        admin.put(&format!("{path}/roles")).json(&roles).send().await,
        admin.post("/api/users/me/delete").json(&confirmation).send().await,
    ];
    let disable = json!({ "status": "disabled" });
    for body in std::iter::once(&disable).chain(other_changes) {
        rejected.push(admin.patch(&path).json(body).send().await);
    }
    for response in rejected {
        assert_eq!(response.problem(), (409, "last_admin".to_owned()), "{}", response.text);
    }
}

async fn last_admin_cannot_be_demoted_disabled_or_deleted(engine: Engine) {
    let server = TestServer::start(engine).await;
    let id = server.user("admin@example.com", &["admin", "member"]).await;
    let admin = server.client().sign_in("admin@example.com").await;
    let disabled = server.user("disabled@example.com", &["admin"]).await;
    let path = format!("/api/users/{id}");
    let disable = json!({ "status": "disabled" });
    assert_eq!(
        admin
            .patch(&format!("/api/users/{disabled}"))
            .json(&disable)
            .send()
            .await
            .status,
        200
    );

    assert_last_admin(&admin, &id, &[]).await;
    assert_eq!(current_user(&admin).await["roles"], json!(["admin", "member"]));
    // Other roles can still be removed.
    assert_eq!(
        admin
            .put(&format!("{path}/roles"))
            .json(&json!({ "roles": ["admin"] }))
            .send()
            .await
            .status,
        200
    );
}

async fn invited_admin_without_password_does_not_count(engine: Engine) {
    let server = TestServer::start(engine).await;
    let id = server.user("admin@example.com", &["admin"]).await;
    let admin = server.client().sign_in("admin@example.com").await;
    server.deliver_emails().await;
    let invite = json!({ "email": "invited@example.com", "roles": ["admin"] });
    let invited = admin.post("/api/users").json(&invite).send().await;
    assert_eq!(invited.status, 201, "{}", invited.text);
    assert_last_admin(&admin, &id, &[]).await;
    // Once the invitation is accepted, there are two administrators who can sign in.
    let token = server.link(EmailKind::Invitation).await;
    let accepted = reset_password(&server, &token, PASSWORD).await;
    assert_eq!(accepted.status, 204, "{}", accepted.text);
    let disabled = admin
        .patch(&format!("/api/users/{id}"))
        .json(&json!({ "status": "disabled" }));
    assert_eq!(disabled.send().await.status, 200);
}

async fn unverified_admin_does_not_count_if_verification_is_required(engine: Engine) {
    let server = server_requiring_verified_email(engine).await;
    let (id, admin) = verified_admin(&server, "admin@example.com").await;
    let other = server.user("unverified@example.com", &["admin"]).await;
    let other_changes = [
        json!({ "email_verified": false }),
        json!({ "email": "new@example.com" }),
        json!({ "email": "new@example.com", "email_verified": false }),
        json!({ "display_name": "Ada", "email_verified": false }),
    ];
    assert_last_admin(&admin, &id, &other_changes).await;
    let path = format!("/api/users/{id}");
    for body in [
        json!({ "email": "Admin@example.com" }),
        json!({ "email": "new@example.com", "email_verified": true }),
        json!({ "email_verified": true }),
    ] {
        let changed = admin.patch(&path).json(&body).send().await;
        assert_eq!(changed.status, 200, "{body}: {}", changed.text);
    }
    // An administrator who cannot sign in may be deleted.
    assert_eq!(admin.delete(&format!("/api/users/{other}")).send().await.status, 204);
    let (second, _) = verified_admin(&server, "second@example.com").await;
    let unverify = json!({ "email_verified": false });
    assert_eq!(admin.patch(&path).json(&unverify).send().await.status, 200);
    let path = format!("/api/users/{second}");
    let rejected = admin.patch(&path).json(&unverify).send().await;
    assert_eq!(rejected.problem(), (409, "last_admin".to_owned()));
}

async fn unverified_admin_counts_if_verification_is_optional(engine: Engine) {
    let server = TestServer::start(engine).await;
    let id = server.user("admin@example.com", &["admin"]).await;
    server.user("other@example.com", &["admin"]).await;
    let admin = server.client().sign_in("admin@example.com").await;
    let path = format!("/api/users/{id}");
    for body in [
        json!({ "email_verified": false }),
        json!({ "email": "new@example.com" }),
        json!({ "status": "disabled" }),
    ] {
        let changed = admin.patch(&path).json(&body).send().await;
        assert_eq!(changed.status, 200, "{body}: {}", changed.text);
    }
}

async fn demote(admin: &Client, user: &str, variant: usize) -> Response {
    let path = format!("/api/users/{user}");
    match variant % 3 {
        0 => {
            admin
                .put(&format!("{path}/roles"))
                .json(&json!({ "roles": [] }))
                .send()
                .await
        }
        1 => admin.patch(&path).json(&json!({ "status": "disabled" })).send().await,
        _ => admin.delete(&path).send().await,
    }
}

async fn concurrent_mutual_demotion_leaves_one_admin(engine: Engine) {
    for round in 0..12 {
        let server = TestServer::start(engine).await;
        let (one, two) = (
            server.user("one@example.com", &["admin"]).await,
            server.user("two@example.com", &["admin"]).await,
        );
        let first = server.client().sign_in("one@example.com").await;
        let second = server.client().sign_in("two@example.com").await;
        let responses = join_all([demote(&first, &two, round), demote(&second, &one, round / 3)]).await;
        let statuses: Vec<u16> = responses.iter().map(|response| response.status).collect();
        let succeeded = statuses.iter().filter(|status| **status < 300).count();
        // The slower request fails because the faster one demoted its sender, or because its target is now the last.
        assert!(
            succeeded == 1 && statuses.iter().all(|status| *status < 500),
            "{statuses:?}"
        );
        let remaining = if statuses[0] < 300 { &first } else { &second };
        let list = remaining.get("/api/users?role=admin&status=active").send().await;
        assert_eq!(list.json().as_array().map(Vec::len), Some(1), "{}", list.text);
    }
}

async fn concurrent_mutual_unverification_leaves_one_admin(engine: Engine) {
    for _ in 0..6 {
        let server = server_requiring_verified_email(engine).await;
        let (one, first) = verified_admin(&server, "one@example.com").await;
        let (two, second) = verified_admin(&server, "two@example.com").await;
        let body = json!({ "email_verified": false });
        let unverify = async |client: &Client, id: &str| {
            let request = client.patch(&format!("/api/users/{id}")).json(&body);
            request.send().await.status
        };
        let mut statuses = join_all([unverify(&first, &two), unverify(&second, &one)]).await;
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
    }
}
