//! Requests and rows about second factors that several tests share, and reading and removing factors.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use serde_json::{Value, json};
use vestibule_domain::{Clock, EmailKind};
use vestibule_testing::{
    Client, Engine, Response, SoftAuthenticator, TestServer, on_each_database, soft_authenticator::Options, totp_code,
};

use crate::{
    authorization_matrix::Row,
    support::{PASSWORD, UNKNOWN_ID, current_user_id, is_live, login, post},
};

on_each_database!(
    factors_are_shown_without_secrets,
    administrator_resets_the_factors_of_a_user,
    only_passkey_cannot_be_reset_without_a_password,
    export_lists_factors,
);

/// Returns the rows of the authorization matrix.
pub(crate) fn authorization() -> Vec<Row> {
    vec![
        Row::signed_in("getOwnFactors", 200),
        Row::signed_in("createTotp", 201),
        Row::signed_in("confirmTotp", 400).json(|_| json!({ "code": "123456" })),
        Row::signed_in("deleteTotp", 204),
        Row::signed_in("replaceRecoveryCodes", 409),
        Row::signed_in("requestNewPasskey", 200),
        Row::signed_in("addPasskey", 422).json(|_| json!({ "challenge_id": UNKNOWN_ID })),
        Row::signed_in("updatePasskey", 404)
            .json(|_| json!({ "name": "Phone" }))
            .path("passkey_id", async |_, _| UNKNOWN_ID.to_owned()),
        Row::signed_in("deletePasskey", 404).path("passkey_id", async |_, _| UNKNOWN_ID.to_owned()),
        Row::manager("getUserFactors", 200),
        Row::manager("resetUserFactors", 204),
        Row::signed_in("stepUp", 204).json(|_| json!({ "password": PASSWORD })),
        Row::everyone("proveSecondFactor", 400)
            .json(|_| json!({ "challenge": "none", "method": "totp", "code": "123456" })),
        Row::everyone("requestPasskey", 200),
        Row::everyone("signInWithPasskey", 422).json(|_| json!({ "challenge_id": UNKNOWN_ID })),
        Row::everyone("getPasskeyEndpoints", 200),
        Row::everyone("getRelatedOrigins", 200),
        Row::everyone("changePasswordPage", 302),
    ]
}

/// An authenticator app.
pub(crate) struct Totp {
    pub(crate) secret: String,
    pub(crate) recovery_codes: Vec<String>,
}

impl Totp {
    /// Returns the code that the app shows now.
    pub(crate) fn code(&self, server: &TestServer) -> String {
        totp_code(&self.secret, server.clock.now())
    }

    /// Waits for a code that was not used yet, and returns it.
    pub(crate) fn next_code(&self, server: &TestServer) -> String {
        server.clock.advance(TimeDelta::seconds(30));
        self.code(server)
    }
}

/// Sets up an authenticator app.
pub(crate) async fn enable_totp(server: &TestServer, client: &Client) -> Totp {
    let created = client.post("/api/users/me/totp").send().await;
    assert_eq!(created.status, 201, "{}", created.text);
    let secret = created.json()["secret"].as_str().expect("a secret").to_owned();
    let code = totp_code(&secret, server.clock.now());
    let confirmed = post(client, "/api/users/me/totp/confirm", json!({ "code": code })).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.text);
    Totp {
        secret,
        recovery_codes: texts(&confirmed.json()["recovery_codes"]),
    }
}

/// Returns the texts of a list, which may be `null`.
pub(crate) fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter()
        .map(|text| text.as_str().expect("a text").to_owned())
        .collect()
}

/// Returns the problem of a sign-in with the correct password that requires a second factor.
pub(crate) async fn challenge(server: &TestServer, email: &str) -> Value {
    let response = login(&server.client(), email, PASSWORD).await;
    assert_eq!(
        response.problem(),
        (403, "second_factor_required".to_owned()),
        "{}",
        response.text
    );
    response.json()
}

/// Completes a sign-in with a code.
pub(crate) async fn prove_code(server: &TestServer, challenge: &Value, method: &str, code: &str) -> Response {
    let body = json!({ "challenge": challenge["challenge"], "method": method, "code": code });
    post(&server.client(), "/api/auth/second-factor", body).await
}

/// Returns the client of a sign-in.
pub(crate) fn signed_in(server: &TestServer, response: &Response) -> Client {
    assert_eq!(response.status, 200, "{}", response.text);
    let tokens = response.json();
    let mut client = server
        .client()
        .with_access_token(tokens["access_token"].as_str().expect("a token"));
    client.tokens = tokens;
    client
}

/// Decodes base64url.
pub(crate) fn decode(text: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD
        .decode(text.as_str().expect("a text"))
        .expect("base64url")
}

/// Requests a new passkey, creates it and adds it.
pub(crate) async fn add_passkey(client: &Client, authenticator: &mut SoftAuthenticator, options: &Options) -> Response {
    let request = client.post("/api/users/me/passkeys/options").send().await;
    assert_eq!(request.status, 200, "{}", request.text);
    let credential = create(authenticator, &request.json(), options);
    let body = json!({ "challenge_id": request.json()["challenge_id"], "credential": credential });
    post(client, "/api/users/me/passkeys", body).await
}

/// Creates a passkey as requested.
pub(crate) fn create(authenticator: &mut SoftAuthenticator, request: &Value, options: &Options) -> Value {
    let public_key = &request["public_key"];
    authenticator.create(
        &decode(&public_key["challenge"]),
        &decode(&public_key["user"]["id"]),
        options,
    )
}

/// Requests a passkey to sign in with it alone.
pub(crate) async fn request_passkey(client: &Client) -> Value {
    let request = post(client, "/api/auth/passkeys/options", json!({})).await;
    assert_eq!(request.status, 200, "{}", request.text);
    request.json()
}

/// Uses a passkey as requested.
pub(crate) fn get(authenticator: &SoftAuthenticator, request: &Value, options: &Options) -> Value {
    authenticator.get(&decode(&request["public_key"]["challenge"]), None, options)
}

/// Signs in with a passkey alone.
pub(crate) async fn sign_in_with_passkey(
    server: &TestServer,
    authenticator: &SoftAuthenticator,
    options: &Options,
) -> Response {
    let request = request_passkey(&server.client()).await;
    let credential = get(authenticator, &request, options);
    let body = json!({ "challenge_id": request["challenge_id"], "credential": credential });
    post(&server.client(), "/api/auth/passkeys", body).await
}

pub(crate) async fn own_factors(client: &Client) -> Value {
    let response = client.get("/api/users/me/factors").send().await;
    assert_eq!(response.status, 200, "{}", response.text);
    response.json()
}

/// Returns the kinds of the emails that are due.
pub(crate) async fn email_kinds(server: &TestServer) -> Vec<EmailKind> {
    server.deliver_emails().await.iter().map(|email| email.kind).collect()
}

/// Removes the password of a user, as another version of the program could.
pub(crate) async fn remove_password(server: &TestServer, email: &str) {
    let user = format!("SELECT id FROM users WHERE normalized_email = '{email}'");
    let removed = server
        .execute(&format!("DELETE FROM credentials WHERE user_id IN ({user})"))
        .await;
    assert_eq!(removed, 1);
}

async fn factors_are_shown_without_secrets(engine: Engine) {
    let (server, admin) = TestServer::with_admin(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let id = current_user_id(&ada).await;
    let before = own_factors(&ada).await;
    assert_eq!(before["password"]["set"], true);
    assert!(before["password"]["changed_at"].is_string());
    for (member, expected) in [
        ("totp", json!(null)),
        ("recovery_codes", json!(null)),
        ("passkeys", json!([])),
        ("required_by", json!([])),
        ("rp_id", json!("localhost")),
    ] {
        assert_eq!(before[member], expected, "{member}");
    }
    let handle = decode(&before["user_handle"]);
    assert_eq!(uuid::Uuid::from_slice(&handle).expect("16 bytes").to_string(), id);

    let totp = enable_totp(&server, &ada).await;
    let mut authenticator = server.authenticator();
    let added = add_passkey(&ada, &mut authenticator, &Options::default()).await;
    assert_eq!(added.status, 201, "{}", added.text);
    assert_eq!(added.json().get("recovery_codes"), None, "not the first factor");
    let after = own_factors(&ada).await;
    assert!(after["totp"]["confirmed_at"].is_string());
    assert_eq!(after["recovery_codes"], json!({ "remaining": 10 }));
    assert_eq!(after["passkeys"], json!([added.json()]));
    let shown = admin.get(&format!("/api/users/{id}/factors")).send().await;
    assert_eq!(shown.json(), after);
    for secret in totp.recovery_codes.iter().chain([&totp.secret]) {
        assert!(!shown.text.contains(secret));
    }
}

async fn administrator_resets_the_factors_of_a_user(engine: Engine) {
    let (server, admin) = TestServer::with_admin(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let path = format!("/api/users/{}/factors", current_user_id(&ada).await);
    enable_totp(&server, &ada).await;
    add_passkey(&ada, &mut server.authenticator(), &Options::default()).await;
    let challenge = challenge(&server, "ada@example.com").await;
    server.deliver_emails().await;

    assert_eq!(admin.delete(&path).send().await.status, 204);
    assert!(!is_live(&ada).await);
    assert_eq!(email_kinds(&server).await, [EmailKind::FactorsReset]);
    let used = prove_code(&server, &challenge, "totp", "000000").await;
    assert_eq!(used.problem(), (400, "invalid_token".to_owned()));
    let ada = server.client().sign_in("ada@example.com").await;
    let factors = own_factors(&ada).await;
    assert_eq!(
        (&factors["totp"], &factors["recovery_codes"], &factors["passkeys"]),
        (&json!(null), &json!(null), &json!([]))
    );
    let event = &admin.get("/api/audit-events?action=factors.reset").send().await.json()[0];
    assert_eq!(event["target"]["id"], json!(current_user_id(&ada).await));

    server.clock.advance(TimeDelta::minutes(11));
    let stale = admin.delete(&path).send().await;
    assert_eq!(stale.problem(), (403, "step_up_required".to_owned()));
}

async fn only_passkey_cannot_be_reset_without_a_password(engine: Engine) {
    let (server, admin) = TestServer::with_admin(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let id = current_user_id(&ada).await;
    let mut authenticator = server.authenticator();
    let passkey = add_passkey(&ada, &mut authenticator, &Options::default()).await.json();
    remove_password(&server, "ada@example.com").await;

    let reset = admin.delete(&format!("/api/users/{id}/factors")).send().await;
    assert_eq!(reset.problem(), (409, "last_credential".to_owned()));
    let path = format!("/api/users/me/passkeys/{}", passkey["id"].as_str().expect("an id"));
    let removed = ada.delete(&path).send().await;
    assert_eq!(removed.problem(), (409, "last_credential".to_owned()));
    let access = ada.get(&format!("/api/users/{id}/access")).send().await.json();
    assert_eq!(access["sign_in"], json!({ "allowed": true, "reasons": [] }));
    signed_in(
        &server,
        &sign_in_with_passkey(&server, &authenticator, &Options::default()).await,
    );
}

async fn export_lists_factors(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let totp = enable_totp(&server, &ada).await;
    let export = ada.get("/api/users/me/export").send().await;
    assert_eq!(export.json()["factors"], own_factors(&ada).await);
    for secret in totp.recovery_codes.iter().chain([&totp.secret]) {
        assert!(!export.text.contains(secret));
    }
    server.clock.advance(TimeDelta::minutes(11));
    let stale = ada.get("/api/users/me/export").send().await;
    assert_eq!(stale.problem(), (403, "step_up_required".to_owned()));
}
