//! Signing in with a password.

use serde_json::json;
use vestibule_domain::{
    Actor, EmailAddress, EmailKind, IfMatch, PasswordHash, Status,
    users::{self, ImportOutcome, ImportUser, UserChanges},
};
use vestibule_testing::{Engine, TestServer, on_each_database};

use crate::{
    authorization_matrix::Row,
    support::{PASSWORD, PLAIN_BCRYPT, login, login_from, server_requiring_verified_email, sign_up},
};

on_each_database!(
    wrong_password_and_unknown_email_are_indistinguishable,
    wrong_password_does_not_reveal_the_state_of_the_account,
    disabled_account_is_revealed_only_with_the_correct_password,
    long_password_is_compared_to_its_last_byte,
    sign_in_from_a_new_device_sends_an_email,
);

/// Returns the rows of the authorization matrix.
pub(crate) fn authorization() -> Vec<Row> {
    vec![Row::everyone("login", 401).json(|_| json!({ "email": "unknown@example.com", "password": "x" }))]
}

/// Plain bcrypt of [`PASSWORD`] at a higher cost than [`PLAIN_BCRYPT`].
const PLAIN_BCRYPT_OF_COST_5: &str = "$2b$05$g2jy.F8xjPOsadFSgwsote80RqQh6OuP/QbvimOCeh1wsXqCK3rF.";

/// Attempts a wrong password for each email; the responses are indistinguishable, and each costs one hash.
async fn assert_indistinguishable(server: &TestServer, emails: &[&str]) {
    let mut responses = Vec::new();
    for email in emails {
        let before = server.hasher.hashes();
        let mut response = login(&server.client(), email, "wrong horse battery").await;
        assert_eq!(server.hasher.hashes() - before, 1, "{email}");
        assert_eq!(response.problem(), (401, "invalid_credentials".to_owned()));
        let problem = response.json();
        for name in ["x-request-id", "date"] {
            response.headers.remove(name);
        }
        let mut headers: Vec<_> = response
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {value:?}"))
            .collect();
        headers.sort();
        responses.push((headers, problem["detail"].clone(), response.text.len()));
    }
    assert!(responses.windows(2).all(|pair| pair[0] == pair[1]), "{responses:?}");
}

async fn wrong_password_and_unknown_email_are_indistinguishable(engine: Engine) {
    let server = TestServer::start(engine).await;
    server.user("ada@example.com", &["member"]).await;
    let long = "a".repeat(400);
    let emails = ["ada@example.com", "bob@example.com", "not an address", "", &long];
    assert_indistinguishable(&server, &emails).await;
}

async fn wrong_password_does_not_reveal_the_state_of_the_account(engine: Engine) {
    let server = server_requiring_verified_email(engine).await;
    let actor = Actor::operator();
    let account = |email: &str, password_hash: Option<&str>| ImportUser {
        email: EmailAddress::parse(email).expect("an email"),
        password_hash: password_hash.map(|hash| PasswordHash::new(hash.to_owned())),
        display_name: None,
        roles: Vec::new(),
        email_verified: true,
        created_at: None,
        totp_secret: None,
    };
    let accounts = vec![
        account("invited@example.com", None),
        account("imported@example.com", Some(PLAIN_BCRYPT)),
        account("imported-cost-5@example.com", Some(PLAIN_BCRYPT_OF_COST_5)),
    ];
    let created = users::import(&server.app, &actor, accounts, false)
        .await
        .expect("imported");
    assert_eq!(
        created,
        [ImportOutcome::Created, ImportOutcome::Created, ImportOutcome::Created]
    );
    server.user("unverified@example.com", &["member"]).await;
    let id = server.user("disabled@example.com", &["member"]).await;
    let disable = UserChanges {
        status: Some(Status::Disabled),
        ..UserChanges::default()
    };
    let id = id.parse().expect("an id");
    let disabled = users::update(&server.app, &actor, id, disable, IfMatch::Unconditional).await;
    assert!(!disabled.expect("changed").is_active());
    let emails = [
        "unknown@example.com",
        "invited@example.com",
        "imported@example.com",
        "imported-cost-5@example.com",
        "unverified@example.com",
        "disabled@example.com",
    ];
    assert_indistinguishable(&server, &emails).await;
}

async fn disabled_account_is_revealed_only_with_the_correct_password(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let id = server.user("ada@example.com", &["member"]).await;
    let disabled = admin
        .patch(&format!("/api/users/{id}"))
        .json(&json!({ "status": "disabled" }))
        .send()
        .await;
    assert_eq!(disabled.status, 200);
    let wrong = login(&server.client(), "ada@example.com", "wrong horse battery").await;
    assert_eq!(wrong.problem(), (401, "invalid_credentials".to_owned()));
    let correct = login(&server.client(), "ada@example.com", PASSWORD).await;
    assert_eq!(correct.problem(), (403, "account_disabled".to_owned()));
}

async fn long_password_is_compared_to_its_last_byte(engine: Engine) {
    let server = TestServer::start(engine).await;
    let long = format!("{}x", "0123456789ab".repeat(6));
    let body = json!({ "email": "ada@example.com", "password": long });
    assert_eq!(server.client().post("/api/users").json(&body).send().await.status, 201);
    assert_eq!(login(&server.client(), "ada@example.com", &long).await.status, 200);
    for different in [&long[..72], &format!("{}y", &long[..72]), &format!("{long} ")] {
        assert_eq!(
            login(&server.client(), "ada@example.com", different).await.status,
            401,
            "{different}"
        );
    }
    let nul = login(&server.client(), "ada@example.com", &format!("{long}\0")).await;
    assert_eq!(nul.field_error(), ("/password".to_owned(), "invalid_format".to_owned()));
}

async fn sign_in_from_a_new_device_sends_an_email(engine: Engine) {
    let server = TestServer::start(engine).await;
    assert_eq!(sign_up(&server, "ada@example.com").await.status, 201);
    server.deliver_emails().await;
    let sign_in = async |agent: &str| {
        let response = login_from(&server, "ada@example.com", PASSWORD, "127.0.0.1", agent).await;
        assert_eq!(response.status, 200);
        server.deliver_emails().await
    };
    assert!(sign_in("browser").await.is_empty(), "the first device is not reported");
    assert!(sign_in("browser").await.is_empty());
    let emails = sign_in("telephone").await;
    assert_eq!((emails.len(), emails[0].kind), (1, EmailKind::NewDevice));
    assert_eq!(emails[0].note.as_deref(), Some("telephone, from 127.0.0.1"));
    assert!(emails[0].token.is_none());
    assert!(sign_in("telephone").await.is_empty());
}
