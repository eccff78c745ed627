//! Many who sign in at once, and half of whom do not wait for the answer.

use std::{cell::Cell, time::Duration};

use actix_web::rt::{
    self,
    net::TcpStream,
    time::{sleep, timeout},
};
use futures_util::future::{join, join_all};
use serde_json::json;
use vestibule_domain::Policy;
use vestibule_security::HashSettings;
use vestibule_testing::{Engine, TestServer, on_each_database};

on_each_database!(a_flood_of_sign_ins_hashes_no_more_at_once_and_holds_up_nobody);

const HASHES: HashSettings = HashSettings {
    // Some milliseconds each: long enough to go away in between.
    cost: 8,
    threads: 2,
    queue: 8,
    max_wait: Duration::from_mins(1),
};

/// Tries a wrong password and goes away while it is hashed.
async fn hit_and_run(server: &TestServer) {
    let body = json!({ "email": "ada@example.com", "password": "wrong donkey accumulator" }).to_string();
    let request = format!(
        "POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let connection = TcpStream::connect(server.address()).await.expect("connected");
    connection.writable().await.expect("open");
    assert_eq!(connection.try_write(request.as_bytes()).expect("sent"), request.len());
    sleep(Duration::from_millis(2)).await;
}

/// Tries a wrong password: says whether it was refused for want of a thread.
async fn is_shed(server: &TestServer) -> bool {
    let body = json!({ "email": "ada@example.com", "password": "wrong donkey accumulator" });
    let answer = server.client().post("/api/auth/login").json(&body).send().await;
    if answer.status == 401 {
        return false;
    }
    assert_eq!(answer.problem(), (503, "unavailable".to_owned()));
    let retry_after = answer.header("retry-after").and_then(|text| text.parse().ok());
    assert!(retry_after.is_some_and(|seconds: u64| seconds >= 1), "{retry_after:?}");
    true
}

async fn a_flood_of_sign_ins_hashes_no_more_at_once_and_holds_up_nobody(engine: Engine) {
    let policy = Policy {
        rate_limits: false,
        ..Policy::default()
    };
    let server = TestServer::hashing(engine, policy, HASHES).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let is_over = Cell::new(false);
    let flood = async {
        for _ in 0..4 {
            let stay = join_all((0..20).map(|_| is_shed(&server)));
            let shed = join(stay, join_all((0..20).map(|_| hit_and_run(&server)))).await.0;
            let count = shed.iter().filter(|is_shed| **is_shed).count();
            assert!((1..20).contains(&count), "{count} of 20 were shed");
        }
        is_over.set(true);
    };
    let watch = async {
        let mut most = 0;
        while !is_over.get() {
            let load = server.hasher.load();
            assert!(load.running <= 2 && load.waiting <= 8, "{load:?}");
            most = most.max(load.running);
            assert_eq!(ada.get("/api/users/me").send().await.status, 200);
        }
        assert_eq!(most, 2, "the flood was one");
    };
    join(flood, watch).await;
    let drained = async {
        while server.hasher.load().running + server.hasher.load().waiting > 0 {
            rt::task::yield_now().await;
        }
    };
    timeout(Duration::from_mins(1), drained)
        .await
        .expect("what nobody waits for any more ends");
    server.client().sign_in("ada@example.com").await;
}
