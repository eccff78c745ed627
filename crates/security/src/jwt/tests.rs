//! What is a token of ours, and everything that is not.

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta};
use serde_json::{Value, json};
use uuid::Uuid;
use vestibule_domain::{AccessClaims, AccessTokens, Id, RoleName, TokenError};

use super::{AccessTokenVerifier, BadKeyPair, Jwt, JwtSettings, KeyPair, PairAlgorithm, VerifyError};
use crate::SecretKey;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn jwt(secret: &str, issuer: &str, audience: &str) -> Jwt {
    let settings = JwtSettings {
        issuer: issuer.to_owned(),
        audience: audience.to_owned(),
    };
    Jwt::with_shared_key(&SecretKey::parse(secret).expect("strong").into(), settings)
}

fn ours() -> Jwt {
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
        roles: Some(vec![RoleName::ADMIN, RoleName::MEMBER]),
    }
}

/// The header and the claims of a good token.
fn parts() -> (Value, Value) {
    let token = ours().issue(&claims()).expect("signed");
    let part = |n: usize| {
        let text = token.split('.').nth(n).expect("three parts");
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).expect("base64url")).expect("JSON")
    };
    (part(0), part(1))
}

/// Signs any texts with the right key, as nobody outside could.
fn sign(header: &str, claims: &str) -> String {
    let key = SecretKey::parse(SECRET).expect("strong").access_tokens();
    sign_with(key.expose(), header, claims)
}

fn sign_with(secret: &[u8], header: &str, claims: &str) -> String {
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref()))
}

#[test]
fn a_token_is_read_as_it_was_written() {
    let token = ours().issue(&claims()).expect("signed");
    assert_eq!(ours().read(&token), Ok(claims()));
    let (header, claims_written) = parts();
    assert_eq!(header, json!({ "typ": "at+jwt", "alg": "HS256" }));
    assert_eq!(claims_written["roles"], json!(["admin", "member"]));
    // So that what is refused below is refused for the one thing that it changes.
    assert_eq!(
        ours().read(&sign(&header.to_string(), &claims_written.to_string())),
        Ok(claims())
    );
}

#[test]
fn every_issued_token_can_be_read_however_many_roles_there_are() {
    let pair = signed_by(&pairs(&[PairAlgorithm::EdDsa]));
    for count in [0, 1, 60, 66, 67, 68, 69, 70, 500, 10_000] {
        let names = (0..count).map(|n| RoleName::new_unchecked(format!("r{n:039}")));
        let claims = AccessClaims {
            roles: Some(names.collect()),
            ..claims()
        };
        for jwt in [&ours(), &pair] {
            let token = jwt.issue(&claims).expect("signed");
            let read = jwt.read(&token).expect("it is read again");
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
    assert!(long.issue(&claims()).is_err(), "never a token that nobody can use");
}

#[test]
fn another_key_issuer_or_audience_makes_it_another_server_s() {
    let token = ours().issue(&claims()).expect("signed");
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
fn a_header_that_says_anything_else_is_refused() {
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
            ours().read(&sign(&header.to_string(), &claims.to_string())),
            Err(TokenError),
            "{header}"
        );
    }
    let twice = r#"{"typ":"at+jwt","alg":"none","alg":"HS256"}"#;
    assert_eq!(ours().read(&sign(twice, &claims.to_string())), Err(TokenError));
}

#[test]
fn every_claim_must_be_there_and_of_its_type() {
    let (header, good) = parts();
    let members: Vec<String> = good.as_object().expect("an object").keys().cloned().collect();
    assert_eq!(members.len(), 10);
    for name in &members {
        let mut without = good.clone();
        without.as_object_mut().expect("an object").remove(name);
        let read = ours().read(&sign(&header.to_string(), &without.to_string()));
        // A token that would be too long with the names of the roles comes without them.
        let expected = if name == "roles" {
            Ok(AccessClaims {
                roles: None,
                ..claims()
            })
        } else {
            Err(TokenError)
        };
        assert_eq!(read, expected, "without {name}");
        for wrong in [Value::Null, json!(true), json!({}), json!([1]), json!(1.5), json!("x")] {
            let mut claims = good.clone();
            claims[name] = wrong.clone();
            let token = sign(&header.to_string(), &claims.to_string());
            assert_eq!(ours().read(&token), Err(TokenError), "{name}: {wrong}");
        }
    }
}

#[test]
fn times_out_of_range_and_claims_that_stand_twice_are_refused() {
    let (header, good) = parts();
    for time in [
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e30),
        json!("1790000000"),
    ] {
        let mut claims = good.clone();
        claims["exp"] = time.clone();
        assert_eq!(
            ours().read(&sign(&header.to_string(), &claims.to_string())),
            Err(TokenError),
            "{time}"
        );
    }
    let twice = good
        .to_string()
        .replacen('{', "{\"sub\":\"00000000-0000-0000-0000-000000000009\",", 1);
    assert_eq!(ours().read(&sign(&header.to_string(), &twice)), Err(TokenError));
}

#[test]
fn texts_that_are_no_tokens_are_refused() {
    let token = ours().issue(&claims()).expect("signed");
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
        assert_eq!(ours().read(&text), Err(TokenError), "{}", &text[..text.len().min(60)]);
    }
}

fn pairs(algorithms: &[PairAlgorithm]) -> Vec<KeyPair> {
    let pem: String = algorithms
        .iter()
        .map(|algorithm| KeyPair::generate(*algorithm).expect("made").expose().clone())
        .collect();
    KeyPair::parse_all(&pem).expect("read")
}

fn settings() -> JwtSettings {
    JwtSettings {
        issuer: "https://id.example".to_owned(),
        audience: "https://api.example".to_owned(),
    }
}

fn signed_by(pairs: &[KeyPair]) -> Jwt {
    Jwt::with_key_pairs(pairs, settings()).expect("a key pair")
}

fn verifier(jwt: &Jwt) -> AccessTokenVerifier {
    AccessTokenVerifier::new(settings(), &jwt.published()).expect("a key set")
}

#[test]
fn a_token_by_a_key_pair_is_verified_with_the_published_key() {
    let now = claims().issued_at;
    for (algorithm, name) in [(PairAlgorithm::EdDsa, "EdDSA"), (PairAlgorithm::Es256, "ES256")] {
        let jwt = signed_by(&pairs(&[algorithm]));
        let token = jwt.issue(&claims()).expect("signed");
        assert_eq!(jwt.read(&token), Ok(claims()), "{name}");
        let verifier = verifier(&jwt);
        assert_eq!(verifier.verify(&token, now), Ok(claims()));
        assert_eq!(
            verifier.verify(&token, now - TimeDelta::seconds(6)),
            Err(VerifyError::Invalid)
        );
        assert_eq!(verifier.verify(&token, claims().expires_at), Err(VerifyError::Expired));
        let stranger = signed_by(&pairs(&[algorithm])).issue(&claims()).expect("signed");
        assert_eq!(verifier.verify(&stranger, now), Err(VerifyError::UnknownKey));
        assert_eq!(verifier.verify("a.b.c", now), Err(VerifyError::Invalid));
        let (message, _) = token.rsplit_once('.').expect("three parts");
        assert_eq!(
            verifier.verify(&format!("{message}.AAAA"), now),
            Err(VerifyError::Invalid)
        );

        let published: Value = serde_json::from_str(&jwt.published()).expect("JSON");
        let key = published["keys"][0].as_object().expect("a key");
        assert_eq!((&key["alg"], &key["use"]), (&json!(name), &json!("sig")));
        assert!(!key.contains_key("d"), "the private part stays here");
    }
}

#[test]
fn while_keys_change_tokens_by_either_are_good() {
    let [old, new]: [KeyPair; 2] = pairs(&[PairAlgorithm::Es256, PairAlgorithm::EdDsa])
        .try_into()
        .expect("two");
    let before = signed_by(std::slice::from_ref(&old));
    let announced = signed_by(&[old.clone(), new.clone()]);
    let changed = signed_by(&[new.clone(), old]);
    let after = signed_by(&[new]);
    let [by_old, by_new] = [&before, &changed].map(|jwt| jwt.issue(&claims()).expect("signed"));
    let now = claims().issued_at;
    for jwt in [&announced, &changed] {
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
fn a_public_key_is_no_shared_secret() {
    let jwt = signed_by(&pairs(&[PairAlgorithm::EdDsa]));
    let published: Value = serde_json::from_str(&jwt.published()).expect("JSON");
    let (kid, x) = (&published["keys"][0]["kid"], &published["keys"][0]["x"]);
    let secret = URL_SAFE_NO_PAD.decode(x.as_str().expect("text")).expect("base64url");
    let (_, good) = parts();
    for header in [
        json!({ "typ": "at+jwt", "alg": "HS256" }),
        json!({ "typ": "at+jwt", "alg": "HS256", "kid": kid }),
        json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": kid }),
        json!({ "typ": "at+jwt", "alg": "ES256", "kid": kid }),
    ] {
        for secret in [secret.as_slice(), x.as_str().expect("text").as_bytes()] {
            let token = sign_with(secret, &header.to_string(), &good.to_string());
            assert_eq!(jwt.read(&token), Err(TokenError), "{header}");
            assert!(verifier(&jwt).verify(&token, claims().issued_at).is_err(), "{header}");
        }
    }
    assert_eq!(jwt.read(&ours().issue(&claims()).expect("signed")), Err(TokenError));
}

#[test]
fn a_key_set_is_read_past_what_it_does_not_know() {
    let known = signed_by(&pairs(&[PairAlgorithm::EdDsa]));
    let mut set: Value = serde_json::from_str(&known.published()).expect("JSON");
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
    for bad in ["", "[]", "{}", r#"{"keys":1}"#] {
        assert!(AccessTokenVerifier::new(settings(), bad).is_err(), "{bad}");
    }
}

#[test]
fn what_is_no_private_key_is_refused() {
    let good = KeyPair::generate(PairAlgorithm::EdDsa).expect("made").expose().clone();
    let damaged = good.replacen("MC4", "MC5", 1);
    for bad in [
        "",
        "secret",
        &good.replace("PRIVATE", "PUBLIC"),
        &damaged,
        &good[..60],
        &format!("{good}{damaged}"),
    ] {
        assert_eq!(KeyPair::parse_all(bad).err(), Some(BadKeyPair), "{bad}");
    }
    assert!(KeyPair::parse_all(&format!("a comment\n{good}\n")).is_ok());
    assert!(Jwt::with_key_pairs(&[], settings()).is_err());
}
