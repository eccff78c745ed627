//! Compatibility with passlib, and inputs that must not verify.

use vestibule_domain::{PasswordHash, Rng};

use super::*;
use crate::SystemRng;

const COST: u32 = 4;

fn check(password: &str, stored: &str) -> PasswordCheck {
    verify(password, Some(&PasswordHash::new(stored.to_owned())), COST)
}

fn new_hash(password: &str) -> String {
    let mut salt = [0; 16];
    SystemRng.fill(&mut salt);
    hash(password, COST, salt).expect("hashed").expose().clone()
}

#[test]
fn passlib_hashes_verify() {
    for (password, stored) in [
        (
            "password",
            "$bcrypt-sha256$v=2,t=2b,r=4$znCjSDfKIMJJbOFtyBq/Zu$xZek8fbw6eSxRhQCg9QYMbftrCf3NSy",
        ),
        (
            "",
            "$bcrypt-sha256$v=2,t=2b,r=4$ti451RbgfuS9rxtZGZSR9u$vAkVZUHYBKbvPGCvVgaYXzJjYXvc10y",
        ),
        (
            &"pässwörd🙂".repeat(20),
            "$bcrypt-sha256$v=2,t=2b,r=4$MmRdvH83DyK.e7cXJlXGc.$TclFhLz05Fa4iyb/TNkvmuzPCAt.hw.",
        ),
        (
            &format!("{}b", "a".repeat(72)),
            "$bcrypt-sha256$v=2,t=2b,r=4$dgF5yT4ML68iZBrBOzqvNu$J3qqMRmenubOZsOlaIXtf2WkqwsxV5.",
        ),
    ] {
        assert_eq!(check(password, stored), PasswordCheck::Correct, "{stored}");
        assert_eq!(check(&format!("{password}x"), stored), PasswordCheck::Wrong, "{stored}");
    }
}

#[test]
fn plain_hashes_verify_and_are_outdated() {
    for (password, stored) in [
        (
            "correct horse battery",
            "$2a$04$bDcmEJ61qCGIfyF38xlsHuQBjITTHgUXikpQ0SiJjGFy4ptC4IWuy",
        ),
        (
            "correct horse battery",
            "$2b$04$0AhKZz/Twc91zpTffirPdeF1RDrWouqjNOl4ZA1dxuioIdTB4BJuy",
        ),
        (
            "correct horse battery",
            "$2y$04$cdAuTq.dYiAWCVLgFWvj6.XAoN50Imk5cF8gWtBQAWUmzsNYqCIBu",
        ),
        (
            &"a".repeat(72),
            "$2b$04$xSXq2f1O8f4gVxhPz6DNT.0JGWptX/zkQy.i87gA5IPq4b03oZRYq",
        ),
    ] {
        assert_eq!(check(password, stored), PasswordCheck::Outdated, "{stored}");
        assert_eq!(check("wrong", stored), PasswordCheck::Wrong, "{stored}");
    }
}

#[test]
fn version_1_hashes_verify_and_are_outdated() {
    for (password, stored) in [
        (
            "pässwörd🙂".repeat(20),
            "$bcrypt-sha256$2b,4$0LSQhEjfBg.nbAvE9QsBou$aoUVPK1HJutvTnTqWXsVAi/ZSr0WBYK",
        ),
        (
            "correct horse battery".to_owned(),
            "$bcrypt-sha256$2a,4$ZnZKhdbK/Eq7v5W2CHdpWe$tSG9VvZ.Xq8Yfp5chudmitxyBhQBJS6",
        ),
    ] {
        assert_eq!(check(&password, stored), PasswordCheck::Outdated, "{stored}");
        assert_eq!(check(&format!("{password}x"), stored), PasswordCheck::Wrong, "{stored}");
    }
}

/// The timing must not reveal that a hash has a lower cost.
#[test]
fn wrong_password_takes_same_rounds_for_any_hash_cost() {
    for spent in 4..=12 {
        let rounds: u32 = remaining_costs(spent, 12).map(|cost| 1 << cost).sum();
        assert_eq!((1 << spent) + rounds, 1 << 12, "{spent}");
    }
    assert_eq!(remaining_costs(14, 12).count(), 0);
}

/// Returns 64 random code points from all of Unicode.
fn random_password() -> String {
    std::iter::repeat_with(|| {
        let mut bytes = [0; 4];
        SystemRng.fill(&mut bytes);
        char::from_u32(u32::from_be_bytes(bytes) % 0x11_0000)
    })
    .flatten()
    .filter(|c| *c != '\0')
    .take(64)
    .collect()
}

#[test]
fn verify_compares_every_byte() {
    for _ in 0..500 {
        let password = random_password();
        let stored = new_hash(&password);
        assert_eq!(check(&password, &stored), PasswordCheck::Correct, "{password:?}");
        let truncated: String = password.chars().take(63).collect();
        let at_72 = &password[..password.floor_char_boundary(72)];
        for other in [
            truncated.as_str(),
            &format!("{truncated}\u{1}"),
            &format!("{password}a"),
            &format!("{password}\0"),
            &format!("{password}\0{password}"),
            at_72,
        ] {
            assert_eq!(
                check(other, &stored),
                PasswordCheck::Wrong,
                "{other:?} for {password:?}"
            );
        }
    }
}

#[test]
fn passwords_that_share_their_first_72_bytes_differ() {
    let stored = new_hash(&format!("{}x", "a".repeat(72)));
    assert_eq!(check(&format!("{}y", "a".repeat(72)), &stored), PasswordCheck::Wrong);
    assert_eq!(check(&"a".repeat(72), &stored), PasswordCheck::Wrong);
}

#[test]
fn plain_hash_rejects_password_that_plain_bcrypt_truncates() {
    let stored = bcrypt::hash_with_salt("a".repeat(72), COST, [7; 16])
        .expect("hashed")
        .to_string();
    assert_eq!(check(&"a".repeat(72), &stored), PasswordCheck::Outdated);
    assert_eq!(check(&"a".repeat(73), &stored), PasswordCheck::Wrong);
    let stored = bcrypt::hash_with_salt("abc", COST, [7; 16])
        .expect("hashed")
        .to_string();
    assert_eq!(check("abc", &stored), PasswordCheck::Outdated);
    assert_eq!(check("abc\0abc", &stored), PasswordCheck::Wrong);
}

#[test]
fn hash_of_different_cost_is_outdated() {
    let stored = hash("correct horse", COST + 1, [1; 16]).expect("hashed");
    assert_eq!(verify("correct horse", Some(&stored), COST), PasswordCheck::Outdated);
    assert_eq!(verify("wrong horse", Some(&stored), COST), PasswordCheck::Wrong);
}

#[test]
fn malformed_hash_verifies_nothing() {
    let valid = new_hash("x");
    for stored in [
        "",
        "x",
        "$2b$04$",
        "$2x$04$......................O5j8mPUlRDaCNhnGZfSc9Vey8rg3Rlu",
        "$bcrypt-sha256$v=1,t=2b,r=4$......................$O5j8mPUlRDaCNhnGZfSc9Vey8rg3Rlu",
        &valid.replace("r=4", "r=17"),
        &valid.replace("r=4", "r=3"),
        &valid.replace("r=4", "r=99999999999"),
        &valid[..valid.len() - 1],
        &format!("{valid}."),
        &valid.replace("$v=2", "$v=2\0"),
    ] {
        assert_eq!(check("x", stored), PasswordCheck::Wrong, "{stored:?}");
    }
}
