//! Tokens that are accepted, and tokens that must not be.

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta};
use serde_json::{Value, json};
use uuid::Uuid;
use vestibule_domain::{AccessClaims, AccessTokens, AuthMethods, Id, RoleName, TokenError};

use super::{AccessTokenVerifier, Jwt, JwtSettings, KeyPair, KeyPairError, SigningAlgorithm, VerifyError};
use crate::SecretKey;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn jwt(secret: &str, issuer: &str, audience: &str) -> Jwt {
    let settings = JwtSettings {
        issuer: issuer.to_owned(),
        audience: audience.to_owned(),
    };
    Jwt::with_shared_key(&SecretKey::parse(secret).expect("strong").into(), settings)
}

fn shared_key_jwt() -> Jwt {
    jwt(SECRET, "https://id.example", "https://api.example")
}

fn claims() -> AccessClaims {
    let now = DateTime::from_timestamp(1_790_000_000, 0).expect("in range");
    AccessClaims {
        user: Id::from_uuid(Uuid::from_u128(1)),
        session: Id::from_uuid(Uuid::from_u128(2)),
        token: Uuid::from_u128(3),
        issued_at: now,
        not_before: now,
        expires_at: now + TimeDelta::minutes(30),
        authenticated_at: Some(now),
        methods: AuthMethods::from_names(["pwd"]),
        roles: Some(vec![RoleName::ADMIN, RoleName::MEMBER]),
    }
}

/// Returns the header and the claims of a valid token.
fn parts() -> (Value, Value) {
    let token = shared_key_jwt().issue(&claims()).expect("signed");
    let part = |n: usize| {
        let text = token.split('.').nth(n).expect("three parts");
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).expect("base64url")).expect("JSON")
    };
    (part(0), part(1))
}

/// Signs any header and claims with the key of the server, which no attacker has.
fn sign(header: &str, claims: &str) -> String {
    let key = SecretKey::parse(SECRET).expect("strong").access_token_key();
    sign_with(key.expose(), header, claims)
}

fn sign_with(secret: &[u8], header: &str, claims: &str) -> String {
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref()))
}

#[test]
fn issued_token_is_read_back() {
    let token = shared_key_jwt().issue(&claims()).expect("signed");
    assert_eq!(shared_key_jwt().read(&token), Ok(claims()));
    let (header, claims_written) = parts();
    assert_eq!(header, json!({ "typ": "at+jwt", "alg": "HS256" }));
    assert_eq!(claims_written["roles"], json!(["admin", "member"]));
    // This proves that the tests below fail because of the one part that they change.
    assert_eq!(
        shared_key_jwt().read(&sign(&header.to_string(), &claims_written.to_string())),
        Ok(claims())
    );
}

#[test]
fn roles_are_omitted_from_tokens_that_would_be_too_long() {
    let key_pair_jwt = key_pair_jwt(&key_pairs(&[SigningAlgorithm::EdDsa]));
    for count in [0, 1, 60, 66, 67, 68, 69, 70, 500, 10_000] {
        let names = (0..count).map(|n| RoleName::new_unchecked(format!("r{n:039}")));
        let claims = AccessClaims {
            roles: Some(names.collect()),
            ..claims()
        };
        for jwt in [&shared_key_jwt(), &key_pair_jwt] {
            let token = jwt.issue(&claims).expect("signed");
            let read = jwt.read(&token).expect("the token is valid");
            let roles = claims.roles.clone().filter(|_| read.roles.is_some());
            assert_eq!(
                read,
                AccessClaims {
                    roles,
                    ..claims.clone()
                },
                "{count}: all or none"
            );
            assert!(count > 60 || read.roles.is_some(), "{count}");
            assert!(count < 100 || read.roles.is_none(), "{count}");
        }
    }
    let long = jwt(
        SECRET,
        &format!("https://{}.example", "a".repeat(4000)),
        "https://api.example",
    );
    assert!(
        long.issue(&claims()).is_err(),
        "a token that is too long to read is never issued"
    );
}

#[test]
fn different_key_issuer_or_audience_is_rejected() {
    let token = shared_key_jwt().issue(&claims()).expect("signed");
    for other in [
        jwt(
            "0123456789abcdef0123456789abcdeg",
            "https://id.example",
            "https://api.example",
        ),
        jwt(SECRET, "https://id.example/", "https://api.example"),
        jwt(SECRET, "https://id.example", "https://other.example"),
    ] {
        assert_eq!(other.read(&token), Err(TokenError));
    }
}

#[test]
fn port_of_localhost_may_differ() {
    let local = |url: &str| jwt(SECRET, url, url);
    let token = local("http://localhost:8000").issue(&claims()).expect("signed");
    for accepted in ["http://localhost:8010", "http://localhost"] {
        assert!(local(accepted).read(&token).is_ok(), "{accepted}");
    }
    for rejected in [
        "https://localhost:8000",
        "http://localhost.example:8000",
        "http://localhost:x",
        "http://127.0.0.1",
    ] {
        assert_eq!(local(rejected).read(&token), Err(TokenError), "{rejected}");
    }
}

#[test]
fn unexpected_header_is_rejected() {
    let (_, claims) = parts();
    for header in [
        json!({ "typ": "at+jwt", "alg": "none" }),
        json!({ "typ": "at+jwt", "alg": "None" }),
        json!({ "typ": "at+jwt", "alg": "NONE" }),
        json!({ "typ": "at+jwt", "alg": "HS384" }),
        json!({ "typ": "at+jwt", "alg": "RS256" }),
        json!({ "typ": "at+jwt", "alg": "ES256" }),
        json!({ "typ": "at+jwt", "alg": "EdDSA" }),
        json!({ "typ": "at+jwt" }),
        json!({ "typ": "JWT", "alg": "HS256" }),
        json!({ "alg": "HS256" }),
        json!({ "typ": "at+jwt", "alg": "HS256", "kid": "../../dev/null" }),
        json!({ "typ": "at+jwt", "alg": "HS256", "jwk": { "kty": "oct", "k": "AA" } }),
        json!({ "typ": "at+jwt", "alg": "HS256", "jku": "https://evil.example/keys" }),
        json!({ "typ": "at+jwt", "alg": "HS256", "x5u": "https://evil.example/cert" }),
        json!({ "typ": "at+jwt", "alg": "HS256", "x5c": [] }),
        json!({ "typ": "at+jwt", "alg": "HS256", "crit": ["exp"] }),
        json!({ "typ": "at+jwt", "alg": "HS256", "b64": false }),
        json!([]),
    ] {
        assert_eq!(
            shared_key_jwt().read(&sign(&header.to_string(), &claims.to_string())),
            Err(TokenError),
            "{header}"
        );
    }
    let duplicate = r#"{"typ":"at+jwt","alg":"none","alg":"HS256"}"#;
    assert_eq!(
        shared_key_jwt().read(&sign(duplicate, &claims.to_string())),
        Err(TokenError)
    );
}

#[test]
fn missing_or_mistyped_claim_is_rejected() {
    let (header, valid) = parts();
    let names: Vec<String> = valid.as_object().expect("an object").keys().cloned().collect();
    assert_eq!(names.len(), 12);
    for name in &names {
        let mut without = valid.clone();
        without.as_object_mut().expect("an object").remove(name);
        let read = shared_key_jwt().read(&sign(&header.to_string(), &without.to_string()));
        let expected = match name.as_str() {
            // It is omitted from a token that would be too long.
            "roles" => Ok(AccessClaims {
                roles: None,
                ..claims()
            }),
            // Tokens of earlier versions do not have them.
            "auth_time" => Ok(AccessClaims {
                authenticated_at: None,
                ..claims()
            }),
            "amr" => Ok(AccessClaims {
                methods: AuthMethods::default(),
                ..claims()
            }),
            _ => Err(TokenError),
        };
        assert_eq!(read, expected, "without {name}");
        for wrong in [Value::Null, json!(true), json!({}), json!([1]), json!(1.5), json!("x")] {
            let mut claims = valid.clone();
            claims[name] = wrong.clone();
            let token = sign(&header.to_string(), &claims.to_string());
            assert_eq!(shared_key_jwt().read(&token), Err(TokenError), "{name}: {wrong}");
        }
    }
}

#[test]
fn time_out_of_range_and_duplicate_claim_are_rejected() {
    let (header, valid) = parts();
    for time in [
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e30),
        json!("1790000000"),
    ] {
        let mut claims = valid.clone();
        claims["exp"] = time.clone();
        assert_eq!(
            shared_key_jwt().read(&sign(&header.to_string(), &claims.to_string())),
            Err(TokenError),
            "{time}"
        );
    }
    let duplicate = valid
        .to_string()
        .replacen('{', "{\"sub\":\"00000000-0000-0000-0000-000000000009\",", 1);
    assert_eq!(
        shared_key_jwt().read(&sign(&header.to_string(), &duplicate)),
        Err(TokenError)
    );
}

#[test]
fn malformed_token_is_rejected() {
    let token = shared_key_jwt().issue(&claims()).expect("signed");
    let (message, signature) = token.rsplit_once('.').expect("three parts");
    let mut flipped = token.clone().into_bytes();
    flipped[token.len() / 2] ^= 1;
    for text in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "a.b.c".to_owned(),
        message.to_owned(),
        format!("{message}."),
        format!("{token}."),
        format!("{token}.{signature}"),
        format!("{token}="),
        format!(" {token}"),
        format!("{message}.{}", &signature[1..]),
        String::from_utf8_lossy(&flipped).into_owned(),
        "a".repeat(1024 * 1024),
        format!("{message}.{}", "A".repeat(1024 * 1024)),
    ] {
        assert_eq!(
            shared_key_jwt().read(&text),
            Err(TokenError),
            "{}",
            &text[..text.len().min(60)]
        );
    }
}

fn key_pairs(algorithms: &[SigningAlgorithm]) -> Vec<KeyPair> {
    let pem: String = algorithms
        .iter()
        .map(|algorithm| KeyPair::generate(*algorithm).expect("generated").expose().clone())
        .collect();
    KeyPair::parse_all(&pem).expect("valid")
}

fn settings() -> JwtSettings {
    JwtSettings {
        issuer: "https://id.example".to_owned(),
        audience: "https://api.example".to_owned(),
    }
}

fn key_pair_jwt(pairs: &[KeyPair]) -> Jwt {
    Jwt::with_key_pairs(pairs, settings()).expect("a key pair")
}

fn verifier(jwt: &Jwt) -> AccessTokenVerifier {
    AccessTokenVerifier::new(settings(), &jwt.jwks()).expect("a key set")
}

#[test]
fn token_signed_with_key_pair_verifies_with_published_key() {
    let now = claims().issued_at;
    for (algorithm, name) in [(SigningAlgorithm::EdDsa, "EdDSA"), (SigningAlgorithm::Es256, "ES256")] {
        let jwt = key_pair_jwt(&key_pairs(&[algorithm]));
        let token = jwt.issue(&claims()).expect("signed");
        assert_eq!(jwt.read(&token), Ok(claims()), "{name}");
        let verifier = verifier(&jwt);
        assert_eq!(verifier.verify(&token, now), Ok(claims()));
        assert_eq!(
            verifier.verify(&token, now - TimeDelta::seconds(6)),
            Err(VerifyError::Invalid)
        );
        assert_eq!(verifier.verify(&token, claims().expires_at), Err(VerifyError::Expired));
        let unknown = key_pair_jwt(&key_pairs(&[algorithm])).issue(&claims()).expect("signed");
        assert_eq!(verifier.verify(&unknown, now), Err(VerifyError::UnknownKey));
        assert_eq!(verifier.verify("a.b.c", now), Err(VerifyError::Invalid));
        let (message, _) = token.rsplit_once('.').expect("three parts");
        assert_eq!(
            verifier.verify(&format!("{message}.AAAA"), now),
            Err(VerifyError::Invalid)
        );

        let published: Value = serde_json::from_str(&jwt.jwks()).expect("JSON");
        let key = published["keys"][0].as_object().expect("a key");
        assert_eq!((&key["alg"], &key["use"]), (&json!(name), &json!("sig")));
        assert!(!key.contains_key("d"), "the private key is not published");
    }
}

#[test]
fn tokens_of_either_key_are_valid_during_rotation() {
    let [old, new]: [KeyPair; 2] = key_pairs(&[SigningAlgorithm::Es256, SigningAlgorithm::EdDsa])
        .try_into()
        .expect("two");
    let before = key_pair_jwt(std::slice::from_ref(&old));
    let announced = key_pair_jwt(&[old.clone(), new.clone()]);
    let rotated = key_pair_jwt(&[new.clone(), old]);
    let after = key_pair_jwt(&[new]);
    let [by_old, by_new] = [&before, &rotated].map(|jwt| jwt.issue(&claims()).expect("signed"));
    let now = claims().issued_at;
    for jwt in [&announced, &rotated] {
        for token in [&by_old, &by_new] {
            assert_eq!(jwt.read(token), Ok(claims()));
            assert_eq!(verifier(jwt).verify(token, now), Ok(claims()));
        }
    }
    assert_eq!(after.read(&by_new), Ok(claims()));
    assert_eq!(after.read(&by_old), Err(TokenError));
    assert_eq!(verifier(&before).verify(&by_new, now), Err(VerifyError::UnknownKey));
}

#[test]
fn public_key_is_not_accepted_as_shared_secret() {
    let jwt = key_pair_jwt(&key_pairs(&[SigningAlgorithm::EdDsa]));
    let published: Value = serde_json::from_str(&jwt.jwks()).expect("JSON");
    let (kid, x) = (&published["keys"][0]["kid"], &published["keys"][0]["x"]);
    let secret = URL_SAFE_NO_PAD.decode(x.as_str().expect("text")).expect("base64url");
    let (_, valid) = parts();
    for header in [
        json!({ "typ": "at+jwt", "alg": "HS256" }),
        json!({ "typ": "at+jwt", "alg": "HS256", "kid": kid }),
        json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": kid }),
        json!({ "typ": "at+jwt", "alg": "ES256", "kid": kid }),
    ] {
        for secret in [secret.as_slice(), x.as_str().expect("text").as_bytes()] {
            let token = sign_with(secret, &header.to_string(), &valid.to_string());
            assert_eq!(jwt.read(&token), Err(TokenError), "{header}");
            assert!(verifier(&jwt).verify(&token, claims().issued_at).is_err(), "{header}");
        }
    }
    assert_eq!(
        jwt.read(&shared_key_jwt().issue(&claims()).expect("signed")),
        Err(TokenError)
    );
}

#[test]
fn unsupported_keys_in_key_set_are_ignored() {
    let known = key_pair_jwt(&key_pairs(&[SigningAlgorithm::EdDsa]));
    let mut set: Value = serde_json::from_str(&known.jwks()).expect("JSON");
    let keys = set["keys"].as_array_mut().expect("a list");
    keys.insert(
        0,
        json!({ "kty": "RSA", "alg": "RS256", "kid": "r", "n": "AQAB", "e": "AQAB" }),
    );
    keys.insert(0, json!({ "kty": "PQC", "alg": "ML-DSA-44", "kid": "p" }));
    keys.insert(0, json!({ "kty": "oct", "alg": "HS256", "kid": "o", "k": "AAAA" }));
    let verifier = AccessTokenVerifier::new(settings(), &set.to_string()).expect("a key set");
    let token = known.issue(&claims()).expect("signed");
    assert_eq!(verifier.verify(&token, claims().issued_at), Ok(claims()));
    let forged = sign_with(
        &[0, 0, 0],
        r#"{"typ":"at+jwt","alg":"HS256","kid":"o"}"#,
        &parts().1.to_string(),
    );
    assert_eq!(
        verifier.verify(&forged, claims().issued_at),
        Err(VerifyError::UnknownKey)
    );
    for invalid in ["", "[]", "{}", r#"{"keys":1}"#] {
        assert!(AccessTokenVerifier::new(settings(), invalid).is_err(), "{invalid}");
    }
}

#[test]
fn invalid_private_key_is_rejected() {
    let valid = KeyPair::generate(SigningAlgorithm::EdDsa)
        .expect("generated")
        .expose()
        .clone();
    let damaged = valid.replacen("MC4", "MC5", 1);
    for invalid in [
        "",
        "secret",
        &valid.replace("PRIVATE", "PUBLIC"),
        &damaged,
        &valid[..60],
        &format!("{valid}{damaged}"),
    ] {
        assert_eq!(KeyPair::parse_all(invalid).err(), Some(KeyPairError), "{invalid}");
    }
    assert!(KeyPair::parse_all(&format!("a comment\n{valid}\n")).is_ok());
    assert!(Jwt::with_key_pairs(&[], settings()).is_err());
}
