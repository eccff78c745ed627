//! An administrator always remains.

use futures_util::future::join_all;
use serde_json::{Value, json};
use vestibule_domain::{
    Actor, EmailAddress, EmailKind, Password, Policy, RoleName,
    users::{self, NewUser},
};
use vestibule_testing::{Answer, Client, Engine, TestServer, on_each_database};

on_each_database!(
    the_last_administrator_stays_whatever_is_tried,
    of_two_administrators_who_demote_each_other_one_remains,
    invited_administrator_without_password_does_not_count,
    unverified_administrator_does_not_count_where_verification_is_required,
    unverified_administrator_counts_where_verification_is_optional,
    of_two_administrators_who_unverify_each_other_one_remains,
);

/// Creates an administrator with a verified address and signs in.
async fn verified_admin(server: &TestServer, email: &str) -> (String, Client) {
    let new = NewUser {
        email: EmailAddress::parse(email).expect("an address"),
        password: Some(Password::attempt("correct horse battery")),
        display_name: None,
        roles: Some(vec![RoleName::ADMIN]),
        email_verified: true,
    };
    let made = users::create(&server.app, &Actor::operator(), new, None)
        .await
        .expect("made");
    (made.id.to_string(), server.client().sign_in(email).await)
}

async fn verifying(engine: Engine) -> TestServer {
    let policy = Policy {
        require_verified_email: true,
        ..Policy::default()
    };
    TestServer::with_policy(engine, policy).await
}

/// Tries everything that would leave nobody who can sign in as an administrator.
async fn assert_last_admin(admin: &Client, id: &str, more: &[Value]) {
    let path = format!("/api/users/{id}");
    let roles = json!({ "roles": ["member"] });
    let own = json!({ "current_password": "correct horse battery" });
    let mut refused = vec![
        admin.delete(&path).send().await,
        admin.put(&format!("{path}/roles")).json(&roles).send().await,
        admin.post("/api/users/me/delete").json(&own).send().await,
    ];
    let disable = json!({ "status": "disabled" });
    for body in std::iter::once(&disable).chain(more) {
        refused.push(admin.patch(&path).json(body).send().await);
    }
    for answer in refused {
        assert_eq!(answer.problem(), (409, "last_admin".to_owned()), "{}", answer.text);
    }
}

async fn invited_administrator_without_password_does_not_count(engine: Engine) {
    let server = TestServer::start(engine).await;
    let id = server.user("admin@example.com", &["admin"]).await;
    let admin = server.client().sign_in("admin@example.com").await;
    server.mail().await;
    let invite = json!({ "email": "invited@example.com", "roles": ["admin"] });
    let invited = admin.post("/api/users").json(&invite).send().await;
    assert_eq!(invited.status, 201, "{}", invited.text);
    assert_last_admin(&admin, &id, &[]).await;
    // From the moment the invitation is accepted, there are two.
    let token = server.link(EmailKind::Invitation).await;
    let accept = json!({ "token": token, "new_password": "correct horse battery" });
    let accepted = server
        .client()
        .post("/api/auth/reset-password")
        .json(&accept)
        .send()
        .await;
    assert_eq!(accepted.status, 204, "{}", accepted.text);
    let disabled = admin
        .patch(&format!("/api/users/{id}"))
        .json(&json!({ "status": "disabled" }));
    assert_eq!(disabled.send().await.status, 200);
}

async fn unverified_administrator_does_not_count_where_verification_is_required(engine: Engine) {
    let server = verifying(engine).await;
    let (id, admin) = verified_admin(&server, "admin@example.com").await;
    let other = server.user("unverified@example.com", &["admin"]).await;
    let more = [
        json!({ "email_verified": false }),
        json!({ "email": "new@example.com" }),
        json!({ "email": "new@example.com", "email_verified": false }),
        json!({ "display_name": "Ada", "email_verified": false }),
    ];
    assert_last_admin(&admin, &id, &more).await;
    let path = format!("/api/users/{id}");
    for body in [
        json!({ "email": "Admin@example.com" }),
        json!({ "email": "new@example.com", "email_verified": true }),
        json!({ "email_verified": true }),
    ] {
        let changed = admin.patch(&path).json(&body).send().await;
        assert_eq!(changed.status, 200, "{body}: {}", changed.text);
    }
    // Whoever cannot sign in anyway may be removed.
    assert_eq!(admin.delete(&format!("/api/users/{other}")).send().await.status, 204);
    let (second, _) = verified_admin(&server, "second@example.com").await;
    let unverify = json!({ "email_verified": false });
    assert_eq!(admin.patch(&path).json(&unverify).send().await.status, 200);
    let path = format!("/api/users/{second}");
    let refused = admin.patch(&path).json(&unverify).send().await;
    assert_eq!(refused.problem(), (409, "last_admin".to_owned()));
}

async fn unverified_administrator_counts_where_verification_is_optional(engine: Engine) {
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

async fn of_two_administrators_who_unverify_each_other_one_remains(engine: Engine) {
    for _ in 0..6 {
        let server = verifying(engine).await;
        let (one, first) = verified_admin(&server, "one@example.com").await;
        let (two, second) = verified_admin(&server, "two@example.com").await;
        let unverify = json!({ "email_verified": false });
        let ask = async |client: &Client, id: &str| {
            let request = client.patch(&format!("/api/users/{id}")).json(&unverify);
            request.send().await.status
        };
        let mut statuses = join_all([ask(&first, &two), ask(&second, &one)]).await;
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
    }
}

async fn the_last_administrator_stays_whatever_is_tried(engine: Engine) {
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

    let refused = [
        admin.patch(&path).json(&disable).send().await,
        admin.delete(&path).send().await,
        admin
            .put(&format!("{path}/roles"))
            .json(&json!({ "roles": ["member"] }))
            .send()
            .await,
        admin
            .post("/api/users/me/delete")
            .json(&json!({ "current_password": "correct horse battery" }))
            .send()
            .await,
    ];
    for answer in refused {
        assert_eq!(answer.problem(), (409, "last_admin".to_owned()));
    }
    let still = admin.get("/api/users/me").send().await.json();
    assert_eq!(still["roles"], json!(["admin", "member"]));
    // What does not concern the role is free.
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

async fn demote(admin: &Client, user: &str, way: usize) -> Answer {
    let path = format!("/api/users/{user}");
    match way % 3 {
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

async fn of_two_administrators_who_demote_each_other_one_remains(engine: Engine) {
    for round in 0..12 {
        let server = TestServer::start(engine).await;
        let (one, two) = (
            server.user("one@example.com", &["admin"]).await,
            server.user("two@example.com", &["admin"]).await,
        );
        let first = server.client().sign_in("one@example.com").await;
        let second = server.client().sign_in("two@example.com").await;
        let answers = join_all([demote(&first, &two, round), demote(&second, &one, round / 3)]).await;
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        let done = statuses.iter().filter(|status| **status < 300).count();
        // The slower one is refused for what the faster one did to it, or because it would be the last.
        assert!(done == 1 && statuses.iter().all(|status| *status < 500), "{statuses:?}");
        let left = if statuses[0] < 300 { &first } else { &second };
        let list = left.get("/api/users?role=admin&status=active").send().await;
        assert_eq!(list.json().as_array().map(Vec::len), Some(1), "{}", list.text);
    }
}
