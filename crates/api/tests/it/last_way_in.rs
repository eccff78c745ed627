//! No order of adding, losing and removing factors leaves an account without a way in, or an installation without an
//! administrator who can sign in.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use vestibule_testing::{Client, Engine, SoftAuthenticator, TestServer, on_each_database, soft_authenticator::Options};

use crate::{
    factors::{add_passkey, enable_totp, own_factors, remove_password, sign_in_with_passkey, signed_in},
    support::{current_user_id, post},
};

on_each_database!(no_sequence_of_changes_removes_the_last_way_in);

/// A source of numbers that is the same in each run (the generator of MINSTD).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0 * 48_271 % 0x7fff_ffff;
        usize::try_from(self.0).expect("31 bits") % bound
    }
}

/// An account, and what its user still has.
struct Account {
    email: &'static str,
    id: String,
    client: Client,
    authenticators: BTreeMap<String, SoftAuthenticator>,
}

impl Account {
    async fn new(server: &TestServer, email: &'static str) -> Self {
        let client = server.signed_in(email, &["admin"]).await;
        Self {
            email,
            id: current_user_id(&client).await,
            client,
            authenticators: BTreeMap::new(),
        }
    }
}

/// Returns whether an account can sign in according to the server, which another test compares with sign-ins.
async fn can_sign_in(root: &Client, account: &Account) -> bool {
    let access = root.get(&format!("/api/users/{}/access", account.id)).send().await;
    let reasons = &access.json()["sign_in"]["reasons"];
    reasons
        .as_array()
        .expect("a list")
        .iter()
        .all(|reason| reason["code"] == "too_many_attempts")
}

async fn is_active_admin(root: &Client, account: &Account) -> bool {
    let user = root.get(&format!("/api/users/{}", account.id)).send().await.json();
    user["status"] == "active"
        && user["roles"]
            .as_array()
            .is_some_and(|roles| roles.contains(&json!("admin")))
}

/// Sends one random change, as the user or as another administrator.
async fn change(server: &TestServer, numbers: &mut Numbers, account: &mut Account, other: &Client) {
    let path = format!("/api/users/{}", account.id);
    match numbers.below(10) {
        0 => {
            let client = &account.client;
            if own_factors_or_null(client).await["totp"].is_null()
                && client.post("/api/users/me/totp").send().await.status == 201
            {
                client.delete("/api/users/me/totp").send().await;
                enable_totp(server, client).await;
            }
        }
        1 => drop(account.client.delete("/api/users/me/totp").send().await),
        2 => {
            let options = Options {
                flags: if numbers.below(3) == 0 { 1 } else { 5 },
                ..Options::default()
            };
            let mut authenticator = server.authenticator();
            if account.client.get("/api/users/me").send().await.status == 200 {
                let added = add_passkey(&account.client, &mut authenticator, &options).await;
                assert_eq!(added.status, 201, "{}", added.text);
                let id = added.json()["id"].as_str().expect("an id").to_owned();
                account.authenticators.insert(id, authenticator);
            }
        }
        3 | 4 => {
            let passkeys = own_factors_or_null(&account.client).await["passkeys"].clone();
            if let Some(passkey) = passkeys
                .as_array()
                .filter(|list| !list.is_empty())
                .map(|list| &list[numbers.below(list.len())])
            {
                let id = passkey["id"].as_str().expect("an id");
                let removed = account
                    .client
                    .delete(&format!("/api/users/me/passkeys/{id}"))
                    .send()
                    .await;
                assert!([204, 409].contains(&removed.status), "{}", removed.text);
            }
        }
        5 => drop(other.delete(&format!("{path}/factors")).send().await),
        6 => drop(other.patch(&path).json(&json!({ "status": "disabled" })).send().await),
        7 => drop(other.patch(&path).json(&json!({ "status": "active" })).send().await),
        8 => {
            let roles = if numbers.below(2) == 0 {
                json!(["member"])
            } else {
                json!(["admin"])
            };
            drop(
                other
                    .put(&format!("{path}/roles"))
                    .json(&json!({ "roles": roles }))
                    .send()
                    .await,
            );
        }
        // The account of a person who signs in only with a passkey.
        _ => {
            let has_passkey = async |client: &Client| {
                let passkeys = own_factors_or_null(client).await["passkeys"].clone();
                passkeys.as_array().is_some_and(|list| !list.is_empty())
            };
            let verified = sign_in_with_any(server, account).await;
            if has_passkey(&account.client).await && verified && has_password(&account.client).await {
                remove_password(server, account.email).await;
            }
        }
    }
}

async fn own_factors_or_null(client: &Client) -> Value {
    match client.get("/api/users/me").send().await.status {
        200 => own_factors(client).await,
        _ => Value::Null,
    }
}

async fn has_password(client: &Client) -> bool {
    own_factors_or_null(client).await["password"]["set"] == true
}

/// Signs in with any of the authenticators, and returns whether one sufficed alone.
async fn sign_in_with_any(server: &TestServer, account: &mut Account) -> bool {
    for authenticator in account.authenticators.values() {
        let response = sign_in_with_passkey(server, authenticator, &Options::default()).await;
        if response.status == 200 {
            account.client = signed_in(server, &response);
            return true;
        }
    }
    false
}

async fn no_sequence_of_changes_removes_the_last_way_in(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let mut accounts = vec![
        Account::new(&server, "ada@example.com").await,
        Account::new(&server, "bob@example.com").await,
    ];
    let reader = server.role("reader", &json!(["users:read", "roles:read"])).await;
    let root = server.signed_in("reader@example.com", &[&reader]).await;
    let mut numbers = Numbers(20_261_128);
    for step in 0..120 {
        let index = numbers.below(2);
        let other = accounts[1 - index].client.clone();
        change(&server, &mut numbers, &mut accounts[index], &other).await;
        let mut administrators = 0;
        for account in &mut accounts {
            assert!(
                can_sign_in(&root, account).await
                    || root.get(&format!("/api/users/{}", account.id)).send().await.json()["status"] == "disabled",
                "step {step}: {} has no way in",
                account.email
            );
            administrators += u32::from(is_active_admin(&root, account).await);
            if account.client.get("/api/users/me").send().await.status == 401
                && !sign_in_with_any(&server, account).await
            {
                let body = json!({ "email": account.email, "password": crate::support::PASSWORD });
                let response = post(&server.client(), "/api/auth/login", body).await;
                if response.status == 200 {
                    account.client = signed_in(&server, &response);
                }
            }
        }
        assert!(administrators > 0, "step {step}: no administrator remains");
    }
}
