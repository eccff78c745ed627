//! Passkeys: adding, renaming and removing them, and signing in with them.

use futures_util::future::join_all;
use serde_json::{Value, json};
use vestibule_domain::EmailKind;
use vestibule_testing::{
    Engine, Response, TestServer, on_each_database,
    soft_authenticator::{Algorithm, BE, BS, Options, UP, UV},
};

use crate::{
    factors::{
        add_passkey, challenge, create, decode, email_kinds, get, own_factors, request_passkey, sign_in_with_passkey,
        signed_in,
    },
    support::{UNKNOWN_ID, current_user_id, is_live, post},
};

on_each_database!(
    passkey_is_added_renamed_and_removed,
    options_follow_the_standard,
    passkey_of_each_algorithm_signs_in_alone,
    passkey_without_presence_can_be_added,
    passkey_without_user_verification_is_a_second_factor_only,
    passkey_proves_a_second_factor,
    unverified_user_cannot_sign_in,
    rejected_registrations_name_the_credential,
    rejected_sign_ins_are_in_the_audit_log,
    counter_that_goes_back_is_rejected_and_audited,
    unknown_passkey_is_distinguished,
    disabled_user_cannot_sign_in_with_a_passkey,
    challenges_belong_to_their_purpose_and_user,
    credential_can_be_registered_once,
    one_of_many_parallel_uses_succeeds,
    one_of_many_parallel_registrations_succeeds,
    extension_results_are_not_stored,
);

fn synced() -> Options {
    Options {
        flags: UP | UV | BE | BS,
        ..Options::default()
    }
}

async fn passkey_is_added_renamed_and_removed(engine: Engine) {
    let (server, admin) = TestServer::with_admin(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    server.deliver_emails().await;
    let mut authenticator = server.authenticator();
    let added = add_passkey(&ada, &mut authenticator, &synced()).await;
    assert_eq!(added.status, 201, "{}", added.text);
    let passkey = added.json();
    assert_eq!(passkey["recovery_codes"].as_array().map(Vec::len), Some(10));
    for (member, expected) in [
        ("name", json!("Passkey")),
        ("backed_up", json!(true)),
        ("discoverable", json!(true)),
        ("authenticator", json!(null)),
        ("last_used_at", json!(null)),
    ] {
        assert_eq!(passkey[member], expected, "{member}");
    }
    let path = format!("/api/users/me/passkeys/{}", passkey["id"].as_str().expect("an id"));
    let renamed = ada.patch(&path).json(&json!({ "name": "Phone" })).send().await;
    assert_eq!((renamed.status, &renamed.json()["name"]), (200, &json!("Phone")));
    let invalid = ada.patch(&path).json(&json!({ "name": "" })).send().await;
    assert_eq!(invalid.field_error(), ("/name".to_owned(), "too_short".to_owned()));
    let unchanged = ada.patch(&path).json(&json!({})).send().await;
    assert_eq!((unchanged.status, &unchanged.json()["name"]), (200, &json!("Phone")));
    let foreign = admin.patch(&path).json(&json!({ "name": "Phone" })).send().await;
    assert_eq!(foreign.problem(), (404, "passkey_not_found".to_owned()));

    signed_in(&server, &sign_in_with_passkey(&server, &authenticator, &synced()).await);
    assert!(own_factors(&ada).await["passkeys"][0]["last_used_at"].is_string());
    assert_eq!(ada.delete(&path).send().await.status, 204);
    assert_eq!(
        ada.delete(&path).send().await.problem(),
        (404, "passkey_not_found".to_owned())
    );
    assert_eq!(own_factors(&ada).await["recovery_codes"], json!(null));
    let removed = sign_in_with_passkey(&server, &authenticator, &synced()).await;
    assert_eq!(removed.problem(), (401, "unknown_passkey".to_owned()));
    assert_eq!(
        email_kinds(&server).await,
        [EmailKind::FactorAdded, EmailKind::FactorRemoved]
    );

    let events = admin.get("/api/audit-events?limit=200").send().await.json();
    let events = events.as_array().expect("a list").iter().rev();
    let own: Vec<_> = events
        .filter(|event| event["action"].as_str().expect("a name").starts_with("passkey."))
        .map(|event| (event["action"].clone(), event["details"].clone()))
        .collect();
    let expected = ["passkey.added", "passkey.renamed", "passkey.removed"];
    let details = json!({ "passkey": passkey["id"] });
    assert_eq!(
        own,
        expected.map(|action| (json!(action), details.clone())),
        "without the name"
    );
}

async fn options_follow_the_standard(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let passkey = add_passkey(&ada, &mut server.authenticator(), &synced()).await.json();
    let creation = ada.post("/api/users/me/passkeys/options").send().await;
    assert!(!creation.text.contains("null"));
    let (creation, public_key) = (creation.json(), creation.json()["public_key"].clone());
    assert_eq!(creation["expires_in"], 300);
    assert_eq!(decode(&public_key["challenge"]).len(), 32);
    let excluded = json!([{ "type": "public-key", "id": passkey["credential_id"], "transports": ["internal"] }]);
    for (member, expected) in [
        ("rp", json!({ "id": "localhost", "name": "localhost" })),
        (
            "pubKeyCredParams",
            json!([-8, -7, -257].map(|alg| json!({ "type": "public-key", "alg": alg }))),
        ),
        ("excludeCredentials", excluded.clone()),
        (
            "authenticatorSelection",
            json!({ "residentKey": "preferred", "userVerification": "preferred" }),
        ),
        ("attestation", json!("none")),
    ] {
        assert_eq!(public_key[member], expected, "{member}");
    }
    let user = json!({
        "id": own_factors(&ada).await["user_handle"], "name": "ada@example.com", "displayName": "ada@example.com"
    });
    assert_eq!(public_key["user"], user);

    let request = server.client().post("/api/auth/passkeys/options").send().await;
    assert!(!request.text.contains("null"));
    let public_key = &request.json()["public_key"];
    assert_eq!(
        (&public_key["rpId"], &public_key["userVerification"]),
        (&json!("localhost"), &json!("required"))
    );
    assert_eq!(public_key.get("allowCredentials"), None);
    let problem = challenge(&server, "ada@example.com").await;
    assert_eq!(problem["methods"], json!(["passkey", "recovery_code"]));
    let body = json!({ "challenge": problem["challenge"] });
    let request = post(&server.client(), "/api/auth/passkeys/options", body).await.json();
    assert_eq!(request["public_key"]["allowCredentials"], excluded);
}

async fn passkey_of_each_algorithm_signs_in_alone(engine: Engine) {
    for algorithm in [Algorithm::Es256, Algorithm::EdDsa, Algorithm::Rs256] {
        let server = TestServer::start(engine).await;
        let ada = server.signed_in("ada@example.com", &["member"]).await;
        let mut authenticator = server.authenticator();
        let options = Options {
            algorithm,
            ..Options::default()
        };
        assert_eq!(add_passkey(&ada, &mut authenticator, &options).await.status, 201);
        let ada = signed_in(
            &server,
            &sign_in_with_passkey(&server, &authenticator, &Options::default()).await,
        );
        let claims = server
            .app
            .access_tokens
            .read(&ada.access_token.clone().expect("signed in"))
            .expect("valid");
        assert_eq!(claims.methods.to_stored(), "hwk mfa");
        assert!(is_live(&ada).await);
    }
}

/// Browsers create passkeys right after a sign-in with a saved password, without the user.
async fn passkey_without_presence_can_be_added(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let options = Options {
        flags: UV | BE | BS,
        ..Options::default()
    };
    let added = add_passkey(&ada, &mut server.authenticator(), &options).await;
    assert_eq!(added.status, 201, "{}", added.text);
}

async fn passkey_without_user_verification_is_a_second_factor_only(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let mut authenticator = server.authenticator();
    let options = Options {
        flags: UP,
        ..Options::default()
    };
    assert_eq!(add_passkey(&ada, &mut authenticator, &options).await.status, 201);
    // Even if the authenticator verifies the user now.
    let alone = sign_in_with_passkey(&server, &authenticator, &Options::default()).await;
    assert_eq!(alone.problem(), (401, "invalid_credentials".to_owned()));
    let problem = challenge(&server, "ada@example.com").await;
    let ada = signed_in(
        &server,
        &prove_passkey(&server, &authenticator, &problem, &options).await,
    );
    let claims = server
        .app
        .access_tokens
        .read(&ada.access_token.clone().expect("signed in"))
        .expect("valid");
    assert_eq!(claims.methods.to_stored(), "pwd hwk mfa");
}

/// Requests a passkey for a challenge and proves it.
async fn prove_passkey(
    server: &TestServer,
    authenticator: &vestibule_testing::SoftAuthenticator,
    problem: &Value,
    options: &Options,
) -> Response {
    let body = json!({ "challenge": problem["challenge"] });
    let request = post(&server.client(), "/api/auth/passkeys/options", body).await;
    assert_eq!(request.status, 200, "{}", request.text);
    let credential = get(authenticator, &request.json(), options);
    let body = json!({ "challenge": problem["challenge"], "method": "passkey", "credential": credential });
    post(&server.client(), "/api/auth/second-factor", body).await
}

async fn passkey_proves_a_second_factor(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let mut authenticator = server.authenticator();
    add_passkey(&ada, &mut authenticator, &synced()).await;
    let problem = challenge(&server, "ada@example.com").await;
    let wrong = Options {
        client_data: json!({ "origin": "http://evil.example" }),
        ..synced()
    };
    for _ in 0..4 {
        let rejected = prove_passkey(&server, &authenticator, &problem, &wrong).await;
        assert_eq!(rejected.problem(), (401, "invalid_credentials".to_owned()));
    }
    signed_in(
        &server,
        &prove_passkey(&server, &authenticator, &problem, &synced()).await,
    );

    let bob = server.signed_in("bob@example.com", &["member"]).await;
    let mut other = server.authenticator();
    add_passkey(&bob, &mut other, &synced()).await;
    let problem = challenge(&server, "ada@example.com").await;
    let foreign = prove_passkey(&server, &other, &problem, &synced()).await;
    assert_eq!(foreign.problem(), (401, "invalid_credentials".to_owned()));
    for _ in 0..4 {
        prove_passkey(&server, &other, &problem, &synced()).await;
    }
    let body = json!({ "challenge": problem["challenge"] });
    let void = post(&server.client(), "/api/auth/passkeys/options", body).await;
    assert_eq!(void.problem(), (400, "invalid_token".to_owned()));
}

async fn unverified_user_cannot_sign_in(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let mut authenticator = server.authenticator();
    add_passkey(&ada, &mut authenticator, &synced()).await;
    let unverified = Options {
        flags: UP | BE | BS,
        ..Options::default()
    };
    let response = sign_in_with_passkey(&server, &authenticator, &unverified).await;
    assert_eq!(response.problem(), (401, "invalid_credentials".to_owned()));
}

async fn rejected_registrations_name_the_credential(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    for options in [
        Options {
            client_data: json!({ "origin": "http://evil.example" }),
            ..Options::default()
        },
        Options {
            client_data: json!({ "crossOrigin": true }),
            ..Options::default()
        },
        Options {
            client_data: json!({ "topOrigin": "http://localhost:8000" }),
            ..Options::default()
        },
        Options {
            client_data: json!({ "type": "webauthn.get" }),
            ..Options::default()
        },
        Options {
            flags: UP | UV | BS,
            ..Options::default()
        },
    ] {
        let response = add_passkey(&ada, &mut server.authenticator(), &options).await;
        assert_eq!(
            (response.status, response.field_error().0),
            (422, "/credential".to_owned()),
            "{}",
            response.text
        );
    }
    let mut other_party = server.authenticator();
    "evil.example".clone_into(&mut other_party.rp_id);
    let response = add_passkey(&ada, &mut other_party, &Options::default()).await;
    assert_eq!(
        (response.status, response.field_error().0),
        (422, "/credential".to_owned())
    );

    let request = ada.post("/api/users/me/passkeys/options").send().await.json();
    let mut credential = create(&mut server.authenticator(), &request, &Options::default());
    credential["rawId"] = json!("AAAAAAAAAAAAAAAAAAAAAA");
    let body = json!({ "challenge_id": request["challenge_id"], "credential": credential });
    let response = post(&ada, "/api/users/me/passkeys", body).await;
    assert_eq!(
        response.field_error(),
        ("/credential".to_owned(), "invalid_format".to_owned())
    );
    assert_eq!(own_factors(&ada).await["passkeys"], json!([]));
}

async fn rejected_sign_ins_are_in_the_audit_log(engine: Engine) {
    let (server, admin) = TestServer::with_admin(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let mut authenticator = server.authenticator();
    add_passkey(&ada, &mut authenticator, &synced()).await;
    for (options, reason) in [
        (
            Options {
                client_data: json!({ "origin": "http://localhost:9999" }),
                ..synced()
            },
            "origin",
        ),
        (
            Options {
                client_data: json!({ "challenge": "AAAA" }),
                ..synced()
            },
            "challenge",
        ),
        (
            Options {
                flags: UP | UV | BE,
                ..synced()
            },
            "",
        ),
        (
            Options {
                flags: UP | UV,
                ..synced()
            },
            "backup_state",
        ),
        (
            Options {
                flags: UV | BE | BS,
                ..synced()
            },
            "user_not_present",
        ),
        (
            Options {
                flags: UP | BE | BS,
                ..synced()
            },
            "user_not_verified",
        ),
    ] {
        let response = sign_in_with_passkey(&server, &authenticator, &options).await;
        if reason.is_empty() {
            assert_eq!(response.status, 200, "no longer synchronized");
            continue;
        }
        assert_eq!(response.problem(), (401, "invalid_credentials".to_owned()), "{reason}");
        let event = &admin
            .get("/api/audit-events?action=session.refused")
            .send()
            .await
            .json()[0];
        assert_eq!(event["details"]["reason"], reason);
        assert_eq!(event["target"]["id"], json!(current_user_id(&ada).await));
    }
}

async fn counter_that_goes_back_is_rejected_and_audited(engine: Engine) {
    let (server, admin) = TestServer::with_admin(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let mut authenticator = server.authenticator();
    let with_counter = |counter| Options {
        counter,
        ..Options::default()
    };
    add_passkey(&ada, &mut authenticator, &with_counter(5)).await;
    signed_in(
        &server,
        &sign_in_with_passkey(&server, &authenticator, &with_counter(7)).await,
    );
    for counter in [7, 6, 0] {
        let response = sign_in_with_passkey(&server, &authenticator, &with_counter(counter)).await;
        assert_eq!(response.problem(), (401, "invalid_credentials".to_owned()));
        let event = &admin
            .get("/api/audit-events?action=session.refused")
            .send()
            .await
            .json()[0];
        assert_eq!(event["details"]["reason"], "counter");
    }
    signed_in(
        &server,
        &sign_in_with_passkey(&server, &authenticator, &with_counter(8)).await,
    );
}

async fn unknown_passkey_is_distinguished(engine: Engine) {
    let server = TestServer::start(engine).await;
    let mut authenticator = server.authenticator();
    authenticator.create(&[0; 32], &[0; 16], &Options::default());
    let request = request_passkey(&server.client()).await;
    let body = json!({
        "challenge_id": request["challenge_id"], "credential": get(&authenticator, &request, &Options::default())
    });
    let response = post(&server.client(), "/api/auth/passkeys", body).await;
    assert_eq!(response.problem(), (401, "unknown_passkey".to_owned()));
}

async fn disabled_user_cannot_sign_in_with_a_passkey(engine: Engine) {
    let (server, admin) = TestServer::with_admin(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let path = format!("/api/users/{}", current_user_id(&ada).await);
    let mut authenticator = server.authenticator();
    add_passkey(&ada, &mut authenticator, &synced()).await;
    admin.patch(&path).json(&json!({ "status": "disabled" })).send().await;
    let response = sign_in_with_passkey(&server, &authenticator, &synced()).await;
    assert_eq!(response.problem(), (403, "account_disabled".to_owned()));
}

async fn challenges_belong_to_their_purpose_and_user(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let bob = server.signed_in("bob@example.com", &["member"]).await;
    let mut authenticator = server.authenticator();
    let request = ada.post("/api/users/me/passkeys/options").send().await.json();
    let credential = create(&mut authenticator, &request, &synced());
    let sign_in = request_passkey(&server.client()).await;
    for challenge_id in [
        &request["challenge_id"],
        &sign_in["challenge_id"],
        &json!(UNKNOWN_ID),
        &json!("none"),
    ] {
        let body = json!({ "challenge_id": challenge_id, "credential": credential });
        let client = if *challenge_id == request["challenge_id"] {
            &bob
        } else {
            &ada
        };
        let response = post(client, "/api/users/me/passkeys", body).await;
        assert_eq!(response.problem(), (400, "invalid_token".to_owned()), "{challenge_id}");
    }
    let body = json!({ "challenge_id": request["challenge_id"], "credential": credential });
    assert_eq!(post(&ada, "/api/users/me/passkeys", body.clone()).await.status, 201);
    assert_eq!(
        post(&ada, "/api/users/me/passkeys", body).await.problem(),
        (400, "invalid_token".to_owned())
    );

    let registration = ada.post("/api/users/me/passkeys/options").send().await.json();
    let problem = challenge(&server, "ada@example.com").await;
    let body = json!({ "challenge": problem["challenge"] });
    let second_factor = post(&server.client(), "/api/auth/passkeys/options", body).await.json();
    for request in [registration, second_factor] {
        let credential = get(&authenticator, &request, &synced());
        let body = json!({ "challenge_id": request["challenge_id"], "credential": credential });
        let response = post(&server.client(), "/api/auth/passkeys", body).await;
        assert_eq!(response.problem(), (400, "invalid_token".to_owned()));
    }
}

async fn credential_can_be_registered_once(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let bob = server.signed_in("bob@example.com", &["member"]).await;
    let mut authenticator = server.authenticator();
    let first = ada.post("/api/users/me/passkeys/options").send().await.json();
    // An authenticator never does this: the same credential for both challenges.
    let second = bob.post("/api/users/me/passkeys/options").send().await.json();
    let credential = create(&mut authenticator, &first, &synced());
    let mut copy = server.authenticator();
    let mut registered = create(&mut copy, &second, &synced());
    assert_eq!(
        post(
            &ada,
            "/api/users/me/passkeys",
            json!({ "challenge_id": first["challenge_id"], "credential": credential })
        )
        .await
        .status,
        201
    );
    assert_eq!(
        post(
            &bob,
            "/api/users/me/passkeys",
            json!({ "challenge_id": second["challenge_id"], "credential": registered })
        )
        .await
        .status,
        201
    );
    // The attestation object is not signed, so that it can be replaced.
    let third = bob.post("/api/users/me/passkeys/options").send().await.json();
    registered = create(&mut copy, &third, &synced());
    for member in ["id", "rawId"] {
        registered[member] = credential[member].clone();
    }
    registered["response"]["attestationObject"] = credential["response"]["attestationObject"].clone();
    let body = json!({ "challenge_id": third["challenge_id"], "credential": registered });
    let taken = post(&bob, "/api/users/me/passkeys", body).await;
    assert_eq!(
        taken.problem(),
        (409, "passkey_registered".to_owned()),
        "{}",
        taken.text
    );
}

async fn one_of_many_parallel_uses_succeeds(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let mut authenticator = server.authenticator();
    add_passkey(&ada, &mut authenticator, &synced()).await;
    let request = request_passkey(&server.client()).await;
    let body =
        json!({ "challenge_id": request["challenge_id"], "credential": get(&authenticator, &request, &synced()) });
    let client = server.client();
    let uses = (0..32).map(|_| post(&client, "/api/auth/passkeys", body.clone()));
    let statuses: Vec<_> = join_all(uses).await.iter().map(|response| response.status).collect();
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        1,
        "{statuses:?}"
    );
    assert!(
        statuses.iter().all(|status| [200, 400].contains(status)),
        "{statuses:?}"
    );
}

async fn one_of_many_parallel_registrations_succeeds(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let request = ada.post("/api/users/me/passkeys/options").send().await.json();
    let credential = create(&mut server.authenticator(), &request, &synced());
    let body = json!({ "challenge_id": request["challenge_id"], "credential": credential });
    let uses = (0..32).map(|_| post(&ada, "/api/users/me/passkeys", body.clone()));
    let statuses: Vec<_> = join_all(uses).await.iter().map(|response| response.status).collect();
    assert_eq!(
        statuses.iter().filter(|status| **status == 201).count(),
        1,
        "{statuses:?}"
    );
    assert_eq!(own_factors(&ada).await["passkeys"].as_array().map(Vec::len), Some(1));
}

async fn extension_results_are_not_stored(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let request = ada.post("/api/users/me/passkeys/options").send().await.json();
    let mut credential = create(&mut server.authenticator(), &request, &synced());
    credential["clientExtensionResults"]["prf"] = json!({ "results": { "first": "c2VjcmV0" } });
    credential["response"]["unknown"] = json!(1);
    let body = json!({ "challenge_id": request["challenge_id"], "credential": credential });
    let added = post(&ada, "/api/users/me/passkeys", body).await;
    assert_eq!(added.status, 201, "{}", added.text);
    assert!(!ada.get("/api/users/me/export").send().await.text.contains("c2VjcmV0"));
}
